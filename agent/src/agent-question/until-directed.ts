import type { Patience } from "../retry-loop/index.ts";
import type { QuestionOutcome } from "../transport/index.ts";

/** Each attempt is another connection, which one in front of several control planes gives to another of them. */
const directedAttempts = 30;
const reachedAttempts = 3;
const firstPauseMs = 30;
const longestPauseMs = 400;

/** Tries until the control plane that waits is reached, and a little when none is. */
export async function untilDirected<Value>(
  attempt: () => Promise<QuestionOutcome<Value>>,
  { sleep, random }: Pick<Patience, "sleep" | "random">,
  signal: AbortSignal,
): Promise<QuestionOutcome<Value>> {
  let failures = 0;
  for (let tries = 1; ; tries++) {
    const outcome = await attempt();
    if (outcome.kind !== "misdirected") {
      const isPassing = outcome.kind === "unreachable" || outcome.kind === "busy";
      if (!isPassing || ++failures >= reachedAttempts) return outcome;
    }
    if (tries >= directedAttempts || signal.aborted) return outcome;
    await sleep(Math.min(longestPauseMs, firstPauseMs * tries) * (0.5 + random()), signal);
  }
}
