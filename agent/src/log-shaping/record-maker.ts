import type { OutgoingRecord } from "../log-parser/outgoing-record.ts";
import type { LineBatch } from "../log-source/line-batch.ts";

/** What became of the lines of one source. */
export interface RecordCounters {
  readonly parseFailures: number;
  /** Left out by include and exclude. */
  readonly filtered: number;
  readonly sampledOut: number;
  /** Over the rate limit. */
  readonly suppressed: number;
  /** Records in which something was redacted. */
  readonly redacted: number;
  /** Lines on which a pattern of the configuration took too long. */
  readonly patternTimeouts: number;
}

/** Takes a record; it is not kept: one at a time is all that is in memory of most batches. */
export type UseRecord = (record: OutgoingRecord) => void;

/** Makes records of one job's lines: parses, redacts, filters, samples, limits. */
export interface RecordMaker {
  /** Hands them on in their order. Fewer records than lines where some are left out; one more when the rate limit has something to say. Never throws for a line. */
  make(batch: LineBatch, use: UseRecord): void;
  /** `N suppressed`, when a second of the rate limit has ended and no line came since; to be called about once a second. */
  flush(): OutgoingRecord[];
  counters(): RecordCounters;
}
