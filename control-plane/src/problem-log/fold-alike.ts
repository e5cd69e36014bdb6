import { claimantOf, type LogRecord } from "@mycloud/protocol/log-record";
import type { AlikeRecords } from "@mycloud/protocol/problem-log";
import { maskMessage } from "../log-store/pattern/index.ts";

/** Folds alike records into their last one, in the order of those. So a flood of one message leaves room for the others. `records`: oldest first. Pure. */
export function foldAlike(records: readonly LogRecord[]): AlikeRecords[] {
  const folded = new Map<string, AlikeRecords>();
  for (const record of records) {
    const { service, severity, message } = record;
    const key = JSON.stringify([service, severity, claimantOf(record), maskMessage(message)]);
    const before = folded.get(key);
    // To the end, where its last one is.
    folded.delete(key);
    const alikeSinceUs = before === undefined ? null : (before.alikeSinceUs ?? before.timeUs);
    folded.set(key, { ...record, alikeCount: (before?.alikeCount ?? 0) + 1, alikeSinceUs });
  }
  return [...folded.values()];
}
