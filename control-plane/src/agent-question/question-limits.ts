/** How long is waited for agents, and how many questions at once. */
export interface QuestionLimits {
  /** For a stream of an agent that was heard of lately. */
  readonly streamWithinMs: number;
  /** Until the agent begins to answer, or to fetch what came with the question. */
  readonly heardWithinMs: number;
  /** From then on until the first line, as long as nothing else moves. */
  readonly headWithinMs: number;
  /** How long nothing may move in a body. */
  readonly idleMs: number;
  readonly totalMs: number;
  readonly perHost: number;
  readonly inAll: number;
}

export const questionLimits: QuestionLimits = {
  streamWithinMs: 4_000,
  heardWithinMs: 8_000,
  headWithinMs: 60_000,
  idleMs: 120_000,
  totalMs: 6 * 3_600_000,
  perHost: 8,
  inAll: 400,
};
