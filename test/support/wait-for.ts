import { setTimeout as sleep } from "node:timers/promises";

/**
 * A deadline says when nothing will come any more, not how quick the product is: beside other tests everything may take many times as long. None is
 * shorter than this; what has to be quick is measured where it matters.
 */
const leastPatienceMs = 60_000;

/**
 * What comes soon is seen soon; what takes long is asked for seldom, for every question costs whoever answers it, and the tests beside this one, time: a
 * third of all that a test of backups takes when it asks twenty times a second.
 */
const shortestPauseMs = 25;
const longestPauseMs = 250;

/**
 * Asks until the answer is neither undefined nor false, and returns it; throws after `timeoutMs`, or a minute if that is longer, with the last error
 * or what was waited for. An exception of the question counts as "not yet". Nothing that lasts only for a while is waited for by it, such as a state
 * between two others: the history of states has it.
 */
export async function waitFor<Answer>(
  question: () => Answer | Promise<Answer>,
  timeoutMs: number,
  what = "the condition",
): Promise<Exclude<Answer, undefined | false>> {
  const patienceMs = Math.max(timeoutMs, leastPatienceMs);
  const deadline = performance.now() + patienceMs;
  let lastError: unknown;
  for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(pauseMs * 1.25, longestPauseMs)) {
    try {
      const answer = await question();
      if (isAnswer(answer)) return answer;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() > deadline) {
      const reason = lastError instanceof Error ? `: ${lastError.message}` : "";
      throw new Error(`waited ${patienceMs} ms for ${what}${reason}`, { cause: lastError });
    }
    await sleep(pauseMs);
  }
}

function isAnswer<Answer>(answer: Answer): answer is Exclude<Answer, undefined | false> {
  return answer !== undefined && answer !== false;
}
