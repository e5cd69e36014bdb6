// The status view: everything that is watched, with its state, in memory and current; for those who ask about thousands of objects at once
// (Livestatus, exports, reports). It is read-only, and loaded when somebody first asks.
export type { Coverage } from "./coverage.ts";
export type { ToldOfProblem } from "./load-remarks.ts";
export { turnOfOthers } from "./load-states.ts";
export { type FindRuleLeaves, isFailing, type ProblemRoots } from "./problem-roots.ts";
export * from "./status-view.ts";
export * from "./viewed.ts";
