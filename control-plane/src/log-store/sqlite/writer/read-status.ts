import { timeOfRow } from "../../record-id.ts";
import { dayBytes, listDays, listQuarantined, type Quarantined } from "../day-files.ts";
import type { DayWriters } from "./day-writers.ts";

/** What is stored. Days that cannot be opened now count with their bytes alone. */
export function readStatus(
  writers: DayWriters,
  directory: string,
): { records: number; bytes: number; oldestUs: number | null; quarantined: readonly Quarantined[] } {
  let records = 0;
  let bytes = 0;
  let oldestUs: number | null = null;
  for (const day of listDays(directory)) {
    bytes += dayBytes(directory, day);
    try {
      const found = writers.on(day, ({ database }) => ({
        sum: database.prepare("select coalesce(sum(records), 0) as records from stream").get()?.records,
        first: database.prepare("select min(id) as id from log").get()?.id,
      }));
      records += Number(found.sum ?? 0);
      if (typeof found.first === "number") oldestUs ??= timeOfRow(day, found.first);
    } catch {
      // Counted by the next one who asks.
    }
  }
  return { records, bytes, oldestUs, quarantined: listQuarantined(directory) };
}
