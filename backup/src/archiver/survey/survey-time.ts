import { setImmediate as nextTurn } from "node:timers/promises";

/** How long others wait, in milliseconds. */
const turnMs = 10;
/** Asking for the time takes a little, too. */
const entriesPerLook = 32;

export interface SurveyTimeOptions {
  /** A clock that only goes forward, in milliseconds. */
  readonly monotonicMs: () => number;
  readonly withinMs: number;
  readonly signal: AbortSignal;
}

/** How long a survey may take, and when it lets others have their turn. */
export class SurveyTime {
  readonly #options: SurveyTimeOptions;
  readonly #endMs: number;
  #turnStartMs: number;
  #entries = 0;
  /** No time is left. */
  isUp = false;

  constructor(options: SurveyTimeOptions) {
    this.#options = options;
    this.#turnStartMs = options.monotonicMs();
    this.#endMs = this.#turnStartMs + options.withinMs;
  }

  /** Called for each entry: whether to `rest` now. */
  isRestDue(): boolean {
    if (++this.#entries % entriesPerLook !== 0) return false;
    const nowMs = this.#options.monotonicMs();
    if (nowMs >= this.#endMs) this.isUp = true;
    return this.isUp || nowMs - this.#turnStartMs > turnMs;
  }

  /** Lets others have their turn. Throws the signal's reason. */
  async rest(): Promise<void> {
    await nextTurn();
    this.throwIfAborted();
    this.#turnStartMs = this.#options.monotonicMs();
  }

  /** Throws the signal's reason. */
  throwIfAborted(): void {
    this.#options.signal.throwIfAborted();
  }
}
