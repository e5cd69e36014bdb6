// Backup runs: what agents tell of them, what people see of them, and what follows for the services `backup-freshness` and `backup-run`. A run is
// known by the UUID that its agent gave it; whatever arrives twice counts once.
export * from "./agent-routes.ts";
export * from "./describe-run.ts";
export * from "./judge-freshness.ts";
export * from "./live-progress.ts";
export * from "./metrics.ts";
export * from "./routes.ts";
export * from "./send-command.ts";
export * from "./store.ts";
export * from "./take-outcome.ts";
