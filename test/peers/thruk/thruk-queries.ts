import { readFile } from "node:fs/promises";

/** One query of Thruk's, as text and taken apart. */
export interface ThrukQuery {
  readonly text: string;
  readonly table: string;
  readonly columns: readonly string[];
  /** `Filter`, `Or` and `Stats` lines in their order, without their names' colon. */
  readonly steps: readonly (readonly [header: string, value: string])[];
}

/** Reads the recorded queries; `NOW-60` in them becomes that time. */
export async function readThrukQueries(nowSeconds: number): Promise<ThrukQuery[]> {
  const recorded = await readFile(new URL("queries.txt", import.meta.url), "utf8");
  const text = recorded.replace(/NOW([+-]\d+)/g, (_, seconds: string) => String(nowSeconds + Number(seconds)));
  return text.trimEnd().split("\n\n").map(takeApart);
}

function takeApart(text: string): ThrukQuery {
  const [first = "", ...headers] = text.split("\n");
  const pairs = headers.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
  });
  return {
    text,
    table: first.slice("GET ".length),
    columns: pairs.flatMap(([header, value]) => (header === "Columns" ? value.split(" ") : [])),
    steps: pairs.filter(([header]) => /^(Filter|Or|And|Stats)/.test(header)),
  };
}
