import { setImmediate } from "node:timers/promises";

/** Others wait no longer than about this for their turn. */
const turnMs = 5;

/** What long work awaits now and then: it goes on at once, or after everybody else had a turn when it has taken its time. */
export function createTurns(): () => Promise<void> {
  let sinceMs = performance.now();
  return async () => {
    if (performance.now() - sinceMs < turnMs) return;
    await setImmediate();
    sinceMs = performance.now();
  };
}
