import type { EventData } from "node:test";
import { collectOutcomes } from "./file-outcome.ts";

type TestEvent = { readonly type: string; readonly data: unknown };

/** A reporter of node:test that writes one line of JSON: the counts of the whole run and what each file came to. Its absence means that the run broke. */
async function* reportCounts(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const outcomes = collectOutcomes();
  for await (const { type, data } of source) {
    outcomes.take(type, data);
    if (type !== "test:summary" || !isSummary(data)) continue;
    // Each file has a summary of its own, which names the file.
    if (data.file !== undefined) continue;
    yield `${JSON.stringify({ counts: data.counts, files: outcomes.files() })}\n`;
  }
}

function isSummary(data: unknown): data is EventData.TestSummary {
  return typeof data === "object" && data !== null && "counts" in data;
}

// biome-ignore lint/style/noDefaultExport: node --test-reporter takes the module's default export
export { reportCounts as default };
