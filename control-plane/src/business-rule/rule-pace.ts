import type { CompiledRule } from "./compile-rules.ts";
import type { RuleResult } from "./compute-rule.ts";

/** What a rule last submitted and when it is to submit again, changed or not. */
export interface RulePace {
  readonly result: RuleResult;
  /** Equal bad results in a row, up to max check attempts. The state machine is the authority; this only paces. */
  readonly attempt: number;
  readonly dueAtMs: number;
}

/** The pace after a result at `nowMs`, or null when it is not to be submitted: its state is the same, and its interval has not passed. Pure. */
export function nextPace(
  rule: Pick<CompiledRule, "checkIntervalMs" | "retryIntervalMs" | "maxCheckAttempts">,
  previous: RulePace | undefined,
  result: RuleResult,
  nowMs: number,
): RulePace | null {
  const isSameState = previous?.result.state === result.state;
  const isDue = previous === undefined || nowMs >= previous.dueAtMs;
  // A result that only reads differently is no attempt of its own: it waits for its time.
  if (isSameState && !isDue) return null;
  const before = isSameState ? (previous?.attempt ?? 0) : 0;
  const attempt = result.state === 0 ? 0 : Math.min(before + 1, rule.maxCheckAttempts);
  const isSoft = attempt > 0 && attempt < rule.maxCheckAttempts;
  return { result, attempt, dueAtMs: nowMs + (isSoft ? rule.retryIntervalMs : rule.checkIntervalMs) };
}
