import type { AgentQuestionDelivery } from "@mycloud/protocol/agent-question";
import type { QuestionAnswerer, QuestionAnswererOptions } from "../agent-question/index.ts";

/** Answers questions. What it takes is loaded with the first one, as most agents are never asked any. */
export function createQuestions(options: QuestionAnswererOptions): QuestionAnswerer {
  let loading: Promise<QuestionAnswerer> | undefined;

  async function accept(delivery: AgentQuestionDelivery): Promise<void> {
    loading ??= import("../agent-question/index.ts").then(({ createQuestionAnswerer }) =>
      createQuestionAnswerer(options),
    );
    (await loading).accept(delivery);
  }

  return {
    accept(delivery) {
      if (options.signal.aborted) return;
      accept(delivery).catch((err: unknown) => options.logger.error({ err }, "questions cannot be answered"));
    },
    stop: async () => (await loading)?.stop(),
  };
}
