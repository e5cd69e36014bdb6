import { z } from "zod";
import { AuthenticationError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { forAgents, type Route, route } from "../http/route.ts";
import type { AgentQuestions } from "./create-agent-questions.ts";

const QuestionParams = z.object({ questionId: z.uuid() });

/** What agents call about questions. */
export function createAgentQuestionRoutes(questions: Pick<AgentQuestions, "takeAnswer" | "giveBody">): Route[] {
  return [
    route({
      method: "post",
      path: "/api/v1/agent/questions/:questionId/answer",
      summary: "Answer a question: a line of JSON, then the body",
      access: forAgents,
      params: QuestionParams,
      bodyKind: "raw",
      isLongReceived: true,
      handle: ({ params, actor, request }) => questions.takeAnswer(params.questionId, hostOf(actor), request),
    }),
    route({
      method: "get",
      path: "/api/v1/agent/questions/:questionId/body",
      summary: "Fetch what came with a question, such as the content of a file",
      access: forAgents,
      params: QuestionParams,
      answerKind: "stream",
      handle: ({ params, actor, response }) => questions.giveBody(params.questionId, hostOf(actor), response),
    }),
  ];
}

function hostOf({ hostId }: Actor): number {
  if (hostId === null) throw new AuthenticationError("only an enrolled agent may do this");
  return hostId;
}
