import type { AgentQuestionDelivery } from "@mycloud/protocol/agent-question";
import type { AgentAnswer } from "./ask-agent.ts";
import type { QuestionLimits } from "./question-limits.ts";
import { UnansweredError } from "./unanswered-error.ts";

/** A question that somebody waits for the answer of. */
export interface Waiting {
  readonly hostId: number;
  readonly hostName: string;
  readonly delivery: AgentQuestionDelivery;
  readonly answer: Promise<AgentAnswer>;
  /** Resolves when `answer` did, either way. */
  readonly settled: Promise<void>;
  /** Resolves when the answer's body has ended as well. */
  readonly ended: Promise<void>;
  /** Aborted when `answer` failed, or whoever asked is gone. */
  readonly signal: AbortSignal;
  /** Aborted when whoever asked is gone. */
  readonly outerSignal: AbortSignal;
  isSettled(): boolean;
  /** The agent does something about it: the time it has begins anew. */
  readonly heard: () => void;
  /** False when it is being answered already. */
  beginAnswer(): boolean;
  endAnswer(): void;
  /** What came with it, once. */
  takeBody(): AsyncIterable<Uint8Array> | undefined;
  resolve(answer: AgentAnswer, ended: Promise<unknown>): void;
  fail(error: unknown): void;
}

export interface WaitingOptions {
  readonly hostId: number;
  readonly hostName: string;
  readonly delivery: AgentQuestionDelivery;
  readonly body: AsyncIterable<Uint8Array> | undefined;
  readonly limits: QuestionLimits;
  readonly signal: AbortSignal;
  /** The agent has shown for the first time that it heard it. */
  readonly onHeard: () => void;
}

/** Makes one; its time runs. */
export function createWaiting(options: WaitingOptions): Waiting {
  const { hostId, hostName, delivery, limits, signal } = options;
  const { promise: answer, resolve, reject } = Promise.withResolvers<AgentAnswer>();
  const { promise: settled, resolve: settle } = Promise.withResolvers<void>();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const over = new AbortController();
  let { body } = options;
  let isSettled = false;
  let isAnswering = false;
  let isHeard = false;
  let timer = setTimeout(() => fail(silence()), limits.heardWithinMs);
  const total = setTimeout(() => fail(silence()), limits.totalMs);
  const onAbort = () => fail(signal.reason);
  // Somebody else waits for it; here nobody may be left alone with it.
  answer.catch(() => undefined);

  function silence(): UnansweredError {
    return new UnansweredError(`${hostName} does not answer at the moment; try again`);
  }

  function finish(): boolean {
    if (isSettled) return false;
    isSettled = true;
    clearTimeout(timer);
    clearTimeout(total);
    signal.removeEventListener("abort", onAbort);
    settle();
    return true;
  }

  function fail(error: unknown): void {
    if (!finish()) return;
    reject(error);
    over.abort(error);
    end();
  }

  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();

  return {
    hostId,
    hostName,
    delivery,
    answer,
    settled,
    ended,
    signal: over.signal,
    outerSignal: signal,
    isSettled: () => isSettled,
    heard() {
      if (isSettled) return;
      clearTimeout(timer);
      timer = setTimeout(() => fail(silence()), limits.headWithinMs);
      if (isHeard) return;
      isHeard = true;
      options.onHeard();
    },
    beginAnswer() {
      if (isAnswering || isSettled) return false;
      isAnswering = true;
      return true;
    },
    endAnswer() {
      isAnswering = false;
    },
    takeBody() {
      const taken = body;
      body = undefined;
      return taken;
    },
    resolve(value, bodyEnded) {
      if (!finish()) return;
      resolve(value);
      void bodyEnded.finally(end);
    },
    fail,
  };
}
