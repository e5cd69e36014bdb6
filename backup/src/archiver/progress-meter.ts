import { type ByteString, displayText } from "../byte-string/index.ts";
import type { OnProgress } from "../progress/index.ts";

/** What the totals are, as far as known. */
export interface ProgressTotals {
  readonly files: number;
  readonly bytes: number;
  readonly isKnown: boolean;
}

const tellEveryMs = 100;

/** Counts what is done and tells it, at most ten times a second. Counting must be cheap: it is asked for each file. */
export class ProgressMeter {
  filesDone = 0;
  bytesDone = 0;
  phase = "reading";
  #totals: ProgressTotals = { files: 0, bytes: 0, isKnown: false };
  #current: ByteString | null = null;
  #toldAtMs = Number.NEGATIVE_INFINITY;
  readonly #onProgress: OnProgress | undefined;
  readonly #nowMs: () => number;
  readonly #errorCount: () => number;

  constructor(onProgress: OnProgress | undefined, nowMs: () => number, errorCount: () => number) {
    this.#onProgress = onProgress;
    this.#nowMs = nowMs;
    this.#errorCount = errorCount;
  }

  visit(path: ByteString): void {
    this.#current = path;
  }

  setTotals(totals: ProgressTotals): void {
    this.#totals = totals;
  }

  /** Tells when it is time again, or at once when `isLast`. */
  tell(isLast = false): void {
    if (this.#onProgress === undefined) return;
    const now = this.#nowMs();
    if (!isLast && now - this.#toldAtMs < tellEveryMs) return;
    this.#toldAtMs = now;
    const { files, bytes, isKnown } = this.#totals;
    this.#onProgress({
      phase: this.phase,
      filesDone: this.filesDone,
      filesTotal: isLast ? this.filesDone : Math.max(files, this.filesDone),
      bytesDone: this.bytesDone,
      bytesTotal: isLast ? this.bytesDone : Math.max(bytes, this.bytesDone),
      isTotalKnown: isLast || isKnown,
      current: this.#current === null ? [] : [displayText(this.#current)],
      errors: this.#errorCount(),
    });
  }
}
