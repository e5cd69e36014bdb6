// Questions that the control plane passes on to a host's agent and whose answers it passes back at once: looking into a private repository, files
// of the live machine, and what rules leave out of a backup of it. An agent only ever dials out: it hears of a question on its stream and posts the answer.
export * from "./agent-question.ts";
