// Services: one watched thing on one host. It comes from a check definition, which then decides its name and policy, or is passive: fed from
// outside, with a policy of its own. The explanation says why it is in its state and who was told.
export * from "./create-services.ts";
export * from "./explain.ts";
export * from "./routes.ts";
export * from "./store.ts";
export * from "./thresholds-in-words.ts";
