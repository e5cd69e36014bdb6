/** Says when to stop working on a question. */
export interface Stopwatch {
  /** True when the time is over: what was found until now is the answer. Throws AbandonedError when nobody wants the answer any more. */
  isOver(): boolean;
  /** Milliseconds since some moment. */
  now(): number;
}

/** Nobody waits for the answer. */
export class AbandonedError extends Error {}

/** `control[0]` is set to 1 by another thread when the question is withdrawn. `deadline` by performance.now(). */
export function createStopwatch(control: Int32Array, deadline: number): Stopwatch {
  return {
    isOver() {
      if (Atomics.load(control, 0) === 1) throw new AbandonedError("the question was withdrawn");
      return performance.now() >= deadline;
    },
    now: () => performance.now(),
  };
}
