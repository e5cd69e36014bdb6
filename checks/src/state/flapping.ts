import type { FlappingPolicy } from "./check-policy.ts";

const WINDOW = 21;

/** The history of an object that has always been OK: what nagios assumes of the time before the first result. */
export const STEADY_HISTORY = "0".repeat(WINDOW);

/** Puts a state at the newest end of a flapping history and drops the oldest. */
export function recordState(history: string, state: number): string {
  return history.slice(1) + state;
}

/**
 * How much the state changed over a flapping history, 0 to 100. Each of the 20 possible changes weighs from 0.75, for
 * the oldest, to 1.25 for the newest (nagios base/flapping.c).
 */
export function percentStateChange(history: string): number {
  let changes = 0;
  let older = history.charCodeAt(0);
  // Summed oldest first, as nagios does: floating-point sums differ by order, and thresholds are compared exactly.
  for (let index = 1; index < WINDOW; index++) {
    const newer = history.charCodeAt(index);
    if (newer !== older) changes += ((index - 1) * 0.5) / (WINDOW - 2) + 0.75;
    older = newer;
  }
  return (changes * 100) / (WINDOW - 1);
}

/** Whether an object counts as flapping now; between the two thresholds it stays what it was. */
export function isFlappingAt(percent: number, wasFlapping: boolean, policy: FlappingPolicy): boolean {
  if (!policy.isEnabled || percent <= policy.lowPercent) return false;
  return percent >= policy.highPercent || wasFlapping;
}
