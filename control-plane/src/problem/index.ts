// Problems: what is wrong, from the first HARD non-OK or stale state to the recovery. The list also shows what is still SOFT. A problem is handled
// when it is acknowledged, in downtime, or only follows from its host being down.
export * from "./impact.ts";
export * from "./routes.ts";
export * from "./store.ts";
