/** How far a long operation is. Counts grow; totals may grow while they are still being found out, then `isTotalKnown` is true. */
export interface Progress {
  /** What it is doing, for people: "scanning", "reading", "restoring", "repacking" ... */
  readonly phase: string;
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly isTotalKnown: boolean;
  /** What is at work now, for people. */
  readonly current: readonly string[];
  readonly errors: number;
}

/** Told about progress; engines call it at most ten times a second and once at the end. It must not throw. */
export type OnProgress = (progress: Progress) => void;

/** A path and what went wrong with it: named in summaries, counted, never silent. */
export interface ItemError {
  /** For people: the path as text, odd bytes escaped. */
  readonly item: string;
  /** What was being done: "read", "lstat", "xattr", "restore" ... */
  readonly during: string;
  readonly message: string;
}
