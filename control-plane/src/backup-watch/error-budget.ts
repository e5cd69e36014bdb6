/** What is promised: this share of 30 days within the objective. */
export const promisedShare = 0.99;
export const budgetDays = 30;
const dayMs = 86_400_000;

export interface ErrorBudget {
  /** Of the last 30 days, or since the policy began, 0 to 1. */
  readonly withinShare: number;
  /** Of what may be missed, the share that is left; negative when more was missed. */
  readonly budgetLeft: number;
  /** How many times faster than allowed it went in the last day: 1 uses all of it up in 30 days. */
  readonly burnRate: number;
}

/**
 * How much of the time the newest snapshot was younger than the objective. `snapshotsAtMs` in order, from the last one before the 30 days on;
 * time before `sinceMs` does not count, and a policy that has just begun is within its objective for as long as that lasts. Pure.
 */
export function errorBudget(
  snapshotsAtMs: readonly number[],
  sinceMs: number,
  rpoSeconds: number,
  nowMs: number,
): ErrorBudget {
  const begins = [sinceMs, ...snapshotsAtMs.filter((atMs) => atMs <= nowMs)].sort((a, b) => a - b);
  const shareSince = (fromMs: number) => {
    const totalMs = nowMs - fromMs;
    if (totalMs <= 0) return 1;
    let withinMs = 0;
    for (const [at, beginMs] of begins.entries()) {
      const untilMs = Math.min(begins[at + 1] ?? nowMs, beginMs + rpoSeconds * 1000, nowMs);
      withinMs += Math.max(0, untilMs - Math.max(beginMs, fromMs));
    }
    return Math.min(1, withinMs / totalMs);
  };
  const withinShare = shareSince(Math.max(sinceMs, nowMs - budgetDays * dayMs));
  const missedToday = 1 - shareSince(Math.max(sinceMs, nowMs - dayMs));
  return {
    withinShare,
    budgetLeft: 1 - (1 - withinShare) / (1 - promisedShare),
    burnRate: missedToday / (1 - promisedShare),
  };
}

/** As perfdata. Pure. */
export function budgetPerfdata({ withinShare, budgetLeft, burnRate }: ErrorBudget): string {
  return `within_rpo=${(withinShare * 100).toFixed(3)}% budget_left=${(budgetLeft * 100).toFixed(1)}% burn_rate=${burnRate.toFixed(2)};;;0`;
}
