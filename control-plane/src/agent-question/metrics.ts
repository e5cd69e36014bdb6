import { Counter, type Registry } from "prom-client";
import { UnavailableError } from "../error/index.ts";
import type { AskAgent } from "./ask-agent.ts";

/** Counts questions to agents and what became of them; an answer counts when it begins. */
export function countQuestions(registry: Registry, ask: AskAgent): AskAgent {
  const questions = new Counter({
    name: "mycloud_agent_questions_total",
    help: "Questions to agents, by kind and outcome: answered, offline (or no answer came), refused, dropped (nobody waited any more)",
    labelNames: ["kind", "outcome"],
    registers: [registry],
  });
  return async (hostId, question, options) => {
    const count = (outcome: string) => questions.inc({ kind: question.kind, outcome });
    try {
      const answer = await ask(hostId, question, options);
      count("answered");
      return answer;
    } catch (error) {
      count(options.signal.aborted ? "dropped" : error instanceof UnavailableError ? "offline" : "refused");
      throw error;
    }
  };
}
