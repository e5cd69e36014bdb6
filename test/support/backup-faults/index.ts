// What the tests of faults share: repositories to break, ways to break them, and what must hold afterwards.
export * from "./busy-clients.ts";
export * from "./damage.ts";
export * from "./fault-plans.ts";
export * from "./fault-site.ts";
export * from "./kill-at-fault-point.ts";
