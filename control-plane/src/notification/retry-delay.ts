/** A message that could not be handed over for this long is given up. */
export const giveUpAfterMs = 48 * 3_600_000;

const firstDelayMs = 15_000;
const longestDelayMs = 30 * 60_000;

/**
 * How long to wait after the `attempts`-th failed attempt (1, 2, ...): 15 s, doubled each time up to 30 min, less a random part of up to a
 * half, so that a queue does not come back all at once. `random` is in [0, 1). Milliseconds. Pure.
 */
export function retryDelayMs(attempts: number, random: number): number {
  const full = Math.min(firstDelayMs * 2 ** Math.min(Math.max(attempts, 1) - 1, 20), longestDelayMs);
  return Math.round(full * (1 - random / 2));
}
