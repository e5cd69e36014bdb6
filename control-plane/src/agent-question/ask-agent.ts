import type { AgentAnswerHead, AgentQuestion } from "@mycloud/protocol/agent-question";

/** What an agent answered: never an error's head, those are thrown. */
export interface AgentAnswer {
  readonly head: Exclude<AgentAnswerHead, { error: unknown }>;
  readonly body: AsyncIterable<Uint8Array> | null;
}

/** Asks the agent of a host and waits for its answer. Throws UnavailableError when the machine is offline or does not answer, and the error that the agent answers. */
export type AskAgent = (
  hostId: number,
  question: AgentQuestion,
  options: { readonly signal: AbortSignal; readonly body?: AsyncIterable<Uint8Array> },
) => Promise<AgentAnswer>;
