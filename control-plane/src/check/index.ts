// Checks: what is run, where and how often. A check's selector makes one service on every host it matches; planning which services that
// amounts to is pure (`plan-services.ts`), and every change of a check or a host carries the plan out in its own transaction.
export * from "./plan-host-checks.ts";
export * from "./plan-services.ts";
export * from "./routes.ts";
export * from "./store.ts";
export * from "./sync-services.ts";
