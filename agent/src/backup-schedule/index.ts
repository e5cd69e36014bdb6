// When a backup job runs: pure decisions over its schedule, what was begun before, and the time. Times of day are those of the schedule's zone.
export * from "./bandwidth.ts";
export * from "./local-time.ts";
export * from "./plan-start.ts";
export * from "./splay.ts";
export * from "./window.ts";
