import { openLivestatus } from "../../test/peers/livestatus-client.ts";

/** A program that answers on this port. */
export interface LivestatusProgram {
  readonly port: number;
  residentMiB(): number;
}

export interface QueryFigures {
  readonly name: string;
  /** In the order of the programs. */
  readonly medianMs: readonly number[];
  /** Of the first program's answer. */
  readonly answerBytes: number;
}

/** Asks every program every query in turn; throws when one does not answer 200. The first round warms up and does not count. */
export async function measureQueries(
  programs: readonly LivestatusProgram[],
  queries: readonly { readonly name: string; readonly query: string }[],
  rounds: number,
): Promise<QueryFigures[]> {
  const connections = await Promise.all(programs.map((program) => openLivestatus(program.port)));
  const figures: QueryFigures[] = [];
  for (const { name, query } of queries) {
    const times = programs.map((): number[] => []);
    let answerBytes = 0;
    for (let round = 0; round <= rounds; round++) {
      for (const [index, connection] of connections.entries()) {
        const startedMs = performance.now();
        const { code, body } = await connection.ask(`${query}OutputFormat: json\n`);
        const tookMs = performance.now() - startedMs;
        if (code !== 200) throw new Error(`${name}: program ${index} answered ${code} ${body.slice(0, 200)}`);
        if (round > 0) times[index]?.push(tookMs);
        if (index === 0) answerBytes = Buffer.byteLength(body);
      }
    }
    figures.push({ name, medianMs: times.map(median), answerBytes });
  }
  for (const connection of connections) connection.close();
  return figures;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
