// Applies too large for one transaction. While a transaction is open on SQLite nobody else's result is stored, so a change of a hundred thousand services is
// cut up: a worker reads and plans beside the event loop (`planner.ts`, `plan-worker.ts`, `plan-large.ts`) and finds everything that speaks against it; the
// plan is kept as steps that count for nothing yet (`journal.ts`); one write decides it; and from then on it is carried out, in transactions of some
// milliseconds each (`carry-out-slice.ts`), by whichever control plane is there, also after kill -9 (`create-applies.ts`). A host's services change in one
// transaction; caches and agents hear of it when all is done.
export { type Applies, type AppliesDependencies, createApplies } from "./create-applies.ts";
export { createApplyStreamRoutes } from "./routes.ts";
