import type { Logger } from "../logger/index.ts";
import type { LineBatch, LogPosition } from "./line-batch.ts";
import type { MutableCounters } from "./source-counters.ts";

/** What every kind of source is given. */
export interface SourceContext {
  readonly source: string;
  readonly positions: Readonly<Record<string, LogPosition>> | undefined;
  readonly counters: MutableCounters;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
  readonly random: () => number;
  /** Hands a batch on; resolves when it was taken. */
  emit(batch: Pick<LineBatch, "path" | "lines" | "cut" | "sizeBytes" | "positions">): Promise<void>;
  /** Runs a program and hands on what it writes to its standard output, the next piece when the one before was taken. Returns why it ended; never throws for that. */
  run(words: readonly string[], use: (piece: Buffer) => Promise<void>): Promise<string>;
}
