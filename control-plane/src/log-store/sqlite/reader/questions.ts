import type { LogCondition } from "@mycloud/protocol/log-query";
import type { LogRecord } from "@mycloud/protocol/log-record";
import type { LogHistogram, LogPage, LogPatterns, LogTopValues } from "@mycloud/protocol/log-search";
import type { Scope } from "../../../scope/index.ts";
import type { LogRange } from "../../log-store.ts";
import type { RecordPlace } from "./record-place.ts";

/** What every question to a reader's thread has. */
export interface Asked extends LogRange {
  readonly condition: LogCondition;
  readonly scope: Scope;
  /** Patterns that were shown, by their id: a condition on `pattern` may name one of them. */
  readonly patterns: readonly string[];
}

/** A question as a thread is asked it. */
export type ReaderQuestion =
  | (Asked & {
      readonly kind: "search";
      readonly order: "newest" | "oldest";
      readonly limit: number;
      readonly behind: RecordPlace | null;
    })
  | (Asked & { readonly kind: "histogram"; readonly bins: number })
  | (Asked & { readonly kind: "top"; readonly field: string; readonly limit: number })
  | (Asked & { readonly kind: "fieldNames"; readonly limit: number })
  | (Asked & {
      readonly kind: "patterns";
      readonly before: LogRange;
      readonly order: "count" | "risen" | "new";
      readonly limit: number;
    })
  | (Asked & { readonly kind: "count"; readonly atMost: number })
  | {
      readonly kind: "context";
      readonly place: RecordPlace;
      readonly before: number;
      readonly after: number;
      readonly scope: Scope;
    };

/** What a reader answers to each kind. */
export interface ReaderAnswers {
  readonly search: LogPage;
  readonly histogram: LogHistogram;
  readonly top: LogTopValues;
  readonly fieldNames: readonly string[];
  readonly patterns: LogPatterns;
  readonly count: { readonly count: number; readonly isComplete: boolean };
  readonly context: readonly LogRecord[];
}
