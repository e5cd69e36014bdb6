import type { LogStore } from "../../control-plane/src/log-store/index.ts";
import { createRecordMaker } from "./made-records.ts";

/** The day that the benchmark's records are of: over, so that nothing else comes. */
export const benchDayUs = Date.UTC(2026, 10, 20) * 1000;
const dayUs = 86_400_000_000;
const atOnce = 8;

export interface Filling {
  readonly lines: number;
  readonly batch: number;
  /** Lines of the day that are there already; 0 for none. */
  readonly from?: number;
  /** Of the whole day, when these are only some. */
  readonly of?: number;
}

/** Fills a store with a day of records, or some of them, spread over the day; says how fast it went. */
export async function fillStore(
  store: LogStore,
  { lines, batch, from: first = 0, of = lines }: Filling,
): Promise<string[]> {
  const make = createRecordMaker(4711 + first);
  const gapUs = dayUs / of;
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
        make(benchDayUs + Math.floor((first + from + index) * gapUs)),
      );
      for (const { message } of records) textBytes += message.length;
      makingMs += performance.now() - makingFrom;
      const chunk = { sender: "bench", id: String(first + from) };
      await store.append({ chunk, receivedAtMs: (benchDayUs + dayUs) / 1000 - 1, records });
      mostRss = Math.max(mostRss, process.memoryUsage.rss());
      if (Math.floor((from + batch) / 250_000) > Math.floor(from / 250_000)) {
        console.error(`${made} lines, ${Math.round(made / ((performance.now() - start) / 1000))} lines/s`);
      }
    }
  }

  await Promise.all(Array.from({ length: atOnce }, sendBatches));
  const seconds = (performance.now() - start) / 1000;
  const { bytes, records } = await store.status();
  return [
    "|stored|lines/s|disk, bytes/line|text, bytes/line|most memory|making the lines|",
    "|-|-|-|-|-|-|",
    `|${lines} lines, batches of ${batch}|${Math.round(lines / seconds)}|${Math.round(bytes / records)}|${Math.round(textBytes / lines)}|${Math.round(mostRss / 1e6)} MB|${Math.round(makingMs / 10 / seconds)}% of the time|`,
    "",
  ];
}
