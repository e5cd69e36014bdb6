import type { LogCondition } from "@mycloud/protocol/log-query";
import type { LogFacility, LogFields, LogRecord, LogSeverity } from "@mycloud/protocol/log-record";
import type { LogHistogram, LogPage, LogPatterns, LogTopValues } from "@mycloud/protocol/log-search";
import type { Scope } from "../scope/index.ts";

/** A record on its way into the store, already within `logLimits`. */
export interface NewLogRecord {
  readonly timeUs: number;
  readonly host: string;
  readonly hostId: number | null;
  readonly customer: string | null;
  readonly source: string;
  readonly service: string;
  readonly severity: LogSeverity | null;
  readonly facility: LogFacility | null;
  readonly message: string;
  readonly fields: LogFields;
}

/** What a sender hands over at once, and hears of at once. */
export interface LogBatch {
  /** Unique for the sender and for ever: a chunk that comes again is stored once. Null where the protocol has none (syslog). */
  readonly chunk: { readonly sender: string; readonly id: string } | null;
  readonly receivedAtMs: number;
  readonly records: readonly NewLogRecord[];
}

/** Records of a time: `fromUs` is in it, `toUs` is not. */
export interface LogRange {
  readonly fromUs: number;
  readonly toUs: number;
}

export interface LogQuestion extends LogRange {
  readonly condition: LogCondition;
  readonly scope: Scope;
  /** When this fires, the work ends soon and throws the signal's reason. */
  readonly signal: AbortSignal;
  /** What was found until then is answered, marked incomplete. */
  readonly deadlineMs?: number;
}

/** How long and how much of the records is kept. */
export interface LogRetention {
  readonly days: number;
  /** Of one source over all hosts; the oldest days go first. */
  readonly bytesPerSource: number | null;
}

export interface LogStoreStatus {
  readonly kind: "sqlite" | "clickhouse";
  readonly records: number;
  readonly bytes: number;
  readonly oldestUs: number | null;
  /** Batches that wait to be written. */
  readonly waiting: number;
  /** Why records cannot be stored now; null when they can. */
  readonly fault: string | null;
  /** Parts that could not be read and were put aside, with the reason. */
  readonly quarantined: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Where log records are. Every question ends within its deadline, is bounded in what it answers, and never blocks the event loop.
 */
export interface LogStore {
  /** Resolves once the batch survives `kill -9`. Throws LogStoreBusyError when too much waits: the sender shall wait and send it again. */
  append(batch: LogBatch): Promise<{ readonly stored: number; readonly isDuplicate: boolean }>;
  /** `limit` at most 1,000. The cursor is one that an earlier page of the same question gave. */
  search(
    question: LogQuestion & {
      readonly order: "newest" | "oldest";
      readonly limit: number;
      readonly cursor: string | null;
    },
  ): Promise<LogPage>;
  histogram(question: LogQuestion & { readonly bins: number }): Promise<LogHistogram>;
  top(question: LogQuestion & { readonly field: string; readonly limit: number }): Promise<LogTopValues>;
  /** Names of fields that records of the range have, most frequent first; an estimate from a sample. */
  fieldNames(question: LogQuestion & { readonly limit: number }): Promise<readonly string[]>;
  /** `before`: the range that counts are compared with. */
  patterns(
    question: LogQuestion & {
      readonly before: LogRange;
      readonly order: "count" | "risen" | "new";
      readonly limit: number;
    },
  ): Promise<LogPatterns>;
  /** Records of the same host and source around one, oldest first, it among them; empty when there is none of that id in the scope. */
  context(request: {
    readonly id: string;
    readonly before: number;
    readonly after: number;
    readonly scope: Scope;
    readonly signal: AbortSignal;
  }): Promise<readonly LogRecord[]>;
  count(
    question: LogQuestion & { readonly atMost: number },
  ): Promise<{ readonly count: number; readonly isComplete: boolean }>;
  /**
   * Records as they are stored, from now on. The next ones are made ready only when they are asked for; when more than `limit` came meanwhile, the
   * oldest of them are left out and counted.
   */
  tail(question: {
    readonly condition: LogCondition;
    readonly scope: Scope;
    readonly limit: number;
    readonly signal: AbortSignal;
  }): AsyncIterable<{ readonly records: readonly LogRecord[]; readonly skipped: number }>;
  /** Removes what is too old or too much; compacts. Called once an hour. */
  maintain(
    retention: LogRetention,
    nowMs: number,
  ): Promise<{ readonly removedRecords: number; readonly removedBytes: number }>;
  status(): Promise<LogStoreStatus>;
  close(): Promise<void>;
}
