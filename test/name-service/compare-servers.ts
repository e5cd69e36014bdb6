import { isDeepStrictEqual } from "node:util";
import type { PeerNameServer } from "../peers/name-servers.ts";
import { type AnswerDescription, describeAnswer } from "./describe-answer.ts";
import { askByTcp, type DnsQuestion, encodeQuestion, openUdpClient, type ServerPlace } from "./dns-client.ts";
import { type AnswerField, type ComparedAnswers, explainedDifferences } from "./explained-differences.ts";

/** What came of asking ours and its peers the same. */
export interface Comparison {
  /** Questions asked of each server, by UDP and TCP together. */
  readonly asked: number;
  /** Differences that nothing explains, in words: the first of them. */
  readonly unexplained: readonly string[];
  readonly unexplainedCount: number;
  /** How often each explanation was needed. */
  readonly explained: ReadonlyMap<string, number>;
}

const maximumDescribed = Number(process.env.MYCLOUD_TEST_DESCRIBED ?? 50);
/** Few enough for their answers to find room in one socket's buffer. */
const batchSize = 32;

/** Asks ours and each peer every question by UDP, and by TCP, and holds the answers against each other field by field. */
export async function compareServers(
  ours: ServerPlace,
  peers: readonly PeerNameServer[],
  questions: AsyncIterable<DnsQuestion>,
): Promise<Comparison> {
  const udp = await openUdpClient();
  const unexplained: string[] = [];
  const explained = new Map<string, number>();
  let asked = 0;
  let unexplainedCount = 0;
  const judge = (answers: ComparedAnswers, transport: string) => {
    const left = new Set(differingFields(answers));
    if (left.size === 0) return;
    for (const { why, fields, applies } of explainedDifferences) {
      if (!fields.some((field) => left.has(field)) || !applies(answers)) continue;
      for (const field of fields) left.delete(field);
      explained.set(why, (explained.get(why) ?? 0) + 1);
    }
    if (left.size === 0) return;
    unexplainedCount += 1;
    if (unexplained.length < maximumDescribed) unexplained.push(inWords(answers, transport, [...left]));
  };
  const compareBatch = async (batch: readonly DnsQuestion[]) => {
    const messages = batch.map(encodeQuestion);
    const places = [ours, ...peers];
    for (const transport of ["UDP", "TCP"]) {
      const answers = await Promise.all(
        places.map((place) =>
          transport === "TCP"
            ? askByTcp(place, messages)
            : Promise.all(messages.map((message) => udp.ask(place, message))),
        ),
      );
      asked += batch.length;
      for (const [at, question] of batch.entries()) {
        const [own, ...others] = answers.map((list) => describeAnswer(list[at] ?? Buffer.alloc(0)));
        for (const [index, { program }] of peers.entries()) {
          judge({ program, question, ours: need(own), theirs: need(others[index]) }, transport);
        }
      }
    }
  };
  try {
    let batch: DnsQuestion[] = [];
    for await (const question of questions) {
      batch.push(question);
      if (batch.length < batchSize) continue;
      await compareBatch(batch);
      batch = [];
    }
    await compareBatch(batch);
  } finally {
    udp.close();
  }
  return { asked, unexplained, unexplainedCount, explained };
}

function need(answer: AnswerDescription | undefined): AnswerDescription {
  if (answer === undefined) throw new Error("a server did not answer");
  return answer;
}

function differingFields({ ours, theirs }: ComparedAnswers): AnswerField[] {
  const fields = Object.keys(ours) as AnswerField[];
  return fields.filter((field) => !isDeepStrictEqual(ours[field], theirs[field]));
}

function inWords(answers: ComparedAnswers, transport: string, fields: readonly AnswerField[]): string {
  const { program, question, ours, theirs } = answers;
  const { name: _, options, ...way } = question;
  return [
    `${program} by ${transport}: ${ours.question} ${JSON.stringify(way)}${options ? " with an option" : ""}`,
    ...fields.map(
      (field) => `  ${field}: ours ${JSON.stringify(ours[field])}, theirs ${JSON.stringify(theirs[field])}`,
    ),
  ].join("\n");
}
