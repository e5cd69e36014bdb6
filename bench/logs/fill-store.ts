import type { LogStore } from "../../control-plane/src/log-store/index.ts";
import { createRecordMaker } from "./made-records.ts";

/** The day that the benchmark's records are of: over, so that nothing else comes. */
export const benchDayUs = Date.UTC(2026, 10, 20) * 1000;
const dayUs = 86_400_000_000;
const atOnce = 8;

/** Fills a store with a day of records, spread over the day; says how fast it went. */
export async function fillStore(
  store: LogStore,
  { lines, batch }: { readonly lines: number; readonly batch: number },
): Promise<string[]> {
  const make = createRecordMaker(4711);
  const gapUs = dayUs / lines;
  let made = 0;
  let textBytes = 0;
  let makingMs = 0;
  let mostRss = 0;
  const start = performance.now();

  async function sendBatches(): Promise<void> {
    while (made < lines) {
      const from = made;
      made += Math.min(batch, lines - made);
      const makingFrom = performance.now();
      const records = Array.from({ length: made - from }, (_, index) =>
        make(benchDayUs + Math.floor((from + index) * gapUs)),
      );
      for (const { message } of records) textBytes += message.length;
      makingMs += performance.now() - makingFrom;
      const chunk = { sender: "bench", id: String(from) };
      await store.append({ chunk, receivedAtMs: (benchDayUs + dayUs) / 1000 - 1, records });
      mostRss = Math.max(mostRss, process.memoryUsage.rss());
      if (Math.floor(made / 250_000) > Math.floor(from / 250_000)) {
        console.error(`${made} lines, ${Math.round(made / ((performance.now() - start) / 1000))} lines/s`);
      }
    }
  }

  await Promise.all(Array.from({ length: atOnce }, sendBatches));
  const seconds = (performance.now() - start) / 1000;
  const { bytes } = await store.status();
  return [
    "|stored|lines/s|disk, bytes/line|text, bytes/line|most memory|making the lines|",
    "|-|-|-|-|-|-|",
    `|${lines} lines, batches of ${batch}|${Math.round(lines / seconds)}|${Math.round(bytes / lines)}|${Math.round(textBytes / lines)}|${Math.round(mostRss / 1e6)} MB|${Math.round(makingMs / 10 / seconds)}% of the time|`,
    "",
  ];
}
