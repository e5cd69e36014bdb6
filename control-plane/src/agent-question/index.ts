// Questions to agents: somebody's request waits while the agent of a host answers it, over the agent's own connections. A question goes out on the
// agent's stream, the answer comes back as a request of the agent and is passed on as it comes; nothing of it is kept. Where several control
// planes share a database, a short-lived row lets the one that holds the stream deliver it; an answer that reaches one that does not wait is
// sent back (421) to be tried again.
export * from "./ask-agent.ts";
export * from "./create-agent-questions.ts";
export * from "./metrics.ts";
export * from "./question-board.ts";
export * from "./routes.ts";
export * from "./unanswered-error.ts";
