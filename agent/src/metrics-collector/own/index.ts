// What the agent tells of itself and of what it does: results of checks, backups, the spool, logs on their way, its process. Collectors
// as the machine's are, over figures that others keep. Names differ from the control plane's, so that nothing is counted twice.
export * from "./agent-figures.ts";
export * from "./backup-figures.ts";
export * from "./check-results.ts";
export * from "./log-figures.ts";
export * from "./process.ts";
