/** Time, as far as the name server knows it: an argument, so that tests are done with it in no time. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once, so many milliseconds from now, without keeping the process alive; the result takes that back. */
  after(delayMs: number, callback: () => void): () => void;
}

/** Longer delays than this Node does not know; who waits longer looks again. */
const maximumDelayMs = 2 ** 31 - 1;

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(0, delayMs), maximumDelayMs));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
