import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks until the answer is neither undefined nor false, and returns it; throws after `timeoutMs` with the last error or what was waited for.
 * An exception of the question counts as "not yet".
 */
export async function waitFor<Answer>(
  question: () => Answer | Promise<Answer>,
  timeoutMs: number,
  what = "the condition",
): Promise<Exclude<Answer, undefined | false>> {
  const deadline = performance.now() + timeoutMs;
  let lastError: unknown;
  while (true) {
    try {
      const answer = await question();
      if (isAnswer(answer)) return answer;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() > deadline) {
      const reason = lastError instanceof Error ? `: ${lastError.message}` : "";
      throw new Error(`waited ${timeoutMs} ms for ${what}${reason}`, { cause: lastError });
    }
    await sleep(50);
  }
}

function isAnswer<Answer>(answer: Answer): answer is Exclude<Answer, undefined | false> {
  return answer !== undefined && answer !== false;
}
