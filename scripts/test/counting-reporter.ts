import type { EventData } from "node:test";

type SummaryEvent = { readonly type: string; readonly data: unknown };

/** A reporter of node:test that writes one line of JSON: the counts of the whole run. Its absence means that the run broke. */
async function* reportCounts(source: AsyncIterable<SummaryEvent>): AsyncGenerator<string> {
  for await (const event of source) {
    if (event.type !== "test:summary" || !isSummary(event.data)) continue;
    // Each file has a summary of its own, which names the file.
    if (event.data.file !== undefined) continue;
    yield `${JSON.stringify(event.data.counts)}\n`;
  }
}

function isSummary(data: unknown): data is EventData.TestSummary {
  return typeof data === "object" && data !== null && "counts" in data;
}

// biome-ignore lint/style/noDefaultExport: node --test-reporter takes the module's default export
export { reportCounts as default };
