// State changes: the history of every host's and service's state, and what came of each (who was told, or the one reason why nobody was).
// A change is recorded in the same transaction as the result that caused it; the decider of notifications is asked inside that transaction.
export * from "./event-handler-queue.ts";
export * from "./recorded-change.ts";
export * from "./routes.ts";
export * from "./state-change-record.ts";
export * from "./state-row-store.ts";
export * from "./store.ts";
export * from "./stored-state.ts";
export * from "./track-problem.ts";
