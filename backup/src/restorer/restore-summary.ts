import type { ItemError } from "../progress/index.ts";

export interface RestoreSummary {
  /** Entries that were selected, of every type. */
  readonly entriesTotal: number;
  readonly filesTotal: number;
  readonly dirsTotal: number;
  /** Created or updated / found equal / left by the overwrite policy / removed by `--delete`. */
  readonly entriesRestored: number;
  readonly entriesUnchanged: number;
  readonly entriesKept: number;
  readonly entriesDeleted: number;
  /** Bytes of content selected, written, and found right where they were (or holes). */
  readonly bytesTotal: number;
  readonly bytesWritten: number;
  readonly bytesUnchanged: number;
  /** Files whose content was read again and compared; 0 without `--verify`. */
  readonly filesVerified: number;
  /** Failures that make the restore incomplete, and the first 100 of them. */
  readonly errors: number;
  readonly errorItems: readonly ItemError[];
  /** What could not be carried but does not make it incomplete, e.g. owners when not root, or sockets; counted by kind with one example. */
  readonly notices: readonly RestoreNotice[];
  readonly secondsElapsed: number;
  /** False when anything in `errors`: exit code 3. */
  readonly isComplete: boolean;
}

export interface RestoreNotice {
  readonly kind: "owner" | "mode" | "socket" | "flags" | "attribute" | "filesystem";
  readonly count: number;
  readonly example: string;
  readonly message: string;
}
