import { claimantOf, type LogRecord } from "@mycloud/protocol/log-record";
import { maskMessage } from "../log-store/pattern/index.ts";

/** Records of one service, severity and pattern: they differ in numbers, addresses and the like. */
export interface AlikeRecords {
  /** The last of them. */
  readonly record: LogRecord;
  readonly count: number;
  readonly firstUs: number;
}

/** Folds alike records into their last one, in the order of those. So a flood of one message leaves room for the others. `records`: oldest first. Pure. */
export function foldAlike(records: readonly LogRecord[]): AlikeRecords[] {
  const folded = new Map<string, AlikeRecords>();
  for (const record of records) {
    const { service, severity, message, timeUs } = record;
    const key = JSON.stringify([service, severity, claimantOf(record), maskMessage(message)]);
    const before = folded.get(key);
    // To the end, where its last one is.
    folded.delete(key);
    folded.set(key, { record, count: (before?.count ?? 0) + 1, firstUs: before?.firstUs ?? timeUs });
  }
  return [...folded.values()];
}
