// Queries: from a request that was understood to its answer.
export * from "./answer-request.ts";
export type { AnyTable } from "./any-table.ts";
export type { ProgramFacts } from "./context.ts";
