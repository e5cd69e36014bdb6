// Commands for agents: rows, so that any control plane may create one and whichever holds the agent's stream delivers it. A command is
// queued, delivered, and ends as done, failed or refused by the agent's word, or as expired when no word came in time.
export { type CheckNow, createCheckNow } from "./check-now.ts";
export { createAgentCommandRoutes } from "./routes.ts";
export {
  deliverCommands,
  expireCommands,
  findDeliverableCommands,
} from "./store.ts";
export { takeOutcome } from "./take-outcome.ts";
