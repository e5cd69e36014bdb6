// Runs of backup jobs: what agents tell while and after they run, and what people see of it.
export * from "./agent-run.ts";
export * from "./backup-run.ts";
export * from "./run-phase.ts";
