import type { Readable } from "node:stream";
import { UnavailableError } from "../error/index.ts";
import type { OpenedAnswer } from "./read-answer.ts";

export interface AnswerBody {
  readonly body: AsyncIterable<Uint8Array>;
  /** Resolves when it was read to its end, broke off, or is not wanted any more. Says whether it was whole. */
  readonly ended: Promise<boolean>;
}

/**
 * The rest of an answer as it comes, no faster than it is read. Whoever reads no further ends it by `return()`; when nothing moves for `idleMs`, whoever
 * is to blame, or after `totalMs`, it breaks off. Breaking off cuts the agent's connection, so that it stops too.
 */
export function createAnswerBody(
  source: Readable,
  { rest, parts }: OpenedAnswer,
  hostName: string,
  limits: { readonly idleMs: number; readonly totalMs: number },
  signal: AbortSignal,
): AnswerBody {
  let isOver = false;
  let first: Buffer | undefined = rest.length > 0 ? rest : undefined;
  const { promise: ended, resolve: end } = Promise.withResolvers<boolean>();
  const total = setTimeout(() => breakOff(`${hostName} took too long to answer`), limits.totalMs);
  const idle = setTimeout(() => breakOff(`nothing came from ${hostName}, or was taken, for a while`), limits.idleMs);
  const onAbort = () => breakOff("not wanted any more");
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();

  function breakOff(words: string): void {
    source.destroy(new UnavailableError(words));
    finish(false);
  }

  function finish(isWhole: boolean): void {
    isOver = true;
    clearTimeout(total);
    clearTimeout(idle);
    signal.removeEventListener("abort", onAbort);
    end(isWhole);
  }

  async function next(): Promise<IteratorResult<Uint8Array>> {
    if (isOver) return { done: true, value: undefined };
    idle.refresh();
    if (first !== undefined) {
      const value = first;
      first = undefined;
      return { done: false, value };
    }
    try {
      const { done, value } = await parts.next();
      if (done !== true) {
        idle.refresh();
        return { done: false, value };
      }
      finish(true);
      return { done: true, value: undefined };
    } catch (error) {
      finish(false);
      throw error instanceof UnavailableError ? error : new UnavailableError(`${hostName} broke off its answer`);
    }
  }

  async function stop(): Promise<IteratorResult<Uint8Array>> {
    if (!isOver) source.destroy();
    finish(false);
    return { done: true, value: undefined };
  }

  // No generator: one that was never begun would not notice that it is not wanted any more.
  return { body: { [Symbol.asyncIterator]: () => ({ next, return: stop }) }, ended };
}
