import type { LogRetention } from "../../log-store.ts";
import type { EncodedBatch } from "../batch-codec.ts";
import type { Quarantined } from "../day-files.ts";

/** What the writer's thread is started with. */
export interface WriterSetting {
  readonly directory: string;
}

/** To the writer's thread. `number` comes back with the answer. */
export type ToWriter =
  | { readonly kind: "append"; readonly number: number; readonly batch: EncodedBatch; readonly wantsIds: boolean }
  | { readonly kind: "maintain"; readonly number: number; readonly retention: LogRetention; readonly nowMs: number }
  | { readonly kind: "status"; readonly number: number }
  /** A reader found a day's file to be damaged. */
  | {
      readonly kind: "quarantine";
      readonly number: number;
      readonly day: number;
      /** Of the file that it was. */
      readonly inode: number | null;
      readonly reason: string;
    }
  | { readonly kind: "close"; readonly number: number };

export interface AppendResult {
  readonly stored: number;
  readonly isDuplicate: boolean;
  /** For each record where it is, if that was wanted; the row is NaN where it was stored before. */
  readonly places: { readonly days: Float64Array; readonly rowIds: Float64Array } | null;
}

export interface MaintainResult {
  readonly removedRecords: number;
  readonly removedBytes: number;
}

export interface WriterStatus {
  readonly records: number;
  readonly bytes: number;
  readonly oldestUs: number | null;
  readonly fault: string | null;
  readonly quarantined: readonly Quarantined[];
}

export type WriterAnswer = AppendResult | MaintainResult | WriterStatus | null;

/** From the writer's thread: answers of a whole group together, and what is wrong whenever that changes. */
export type FromWriter =
  | {
      readonly kind: "answers";
      readonly answers: readonly (
        | { readonly number: number; readonly result: WriterAnswer }
        | { readonly number: number; readonly failure: string }
      )[];
    }
  | { readonly kind: "fault"; readonly fault: string | null }
  | { readonly kind: "quarantined"; readonly quarantined: Quarantined };
