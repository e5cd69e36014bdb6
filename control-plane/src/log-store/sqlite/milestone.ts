import { slotsPerMicrosecond } from "../record-id.ts";
import { fieldMark } from "./field-token.ts";

/**
 * A word that no record has, of one row at the end of each minute. A search for words stops only at a row it finds: one for words that nobody has goes
 * through all of the day, whatever part of it was asked for. So each search asks for milestones too, and stops at the first behind its part.
 */
export const milestone = `${fieldMark}milestone`;

const rowsPerMinute = 60_000_000 * slotsPerMicrosecond;

/** The row of the milestone at the end of a minute of the day: a place that no record gets. Pure. */
export function milestoneOf(minute: number): number {
  return (minute + 1) * rowsPerMinute - 1;
}

/** For FTS5: rows with these words, and milestones. Pure. */
export function withMilestones(words: string): string {
  return `(${words}) OR "${milestone}"`;
}

/** Whether a row is a record's place. For SQL: `word.rowid`. */
export const isNoMilestone = `word.rowid % ${slotsPerMicrosecond} < ${slotsPerMicrosecond - 1}`;
