// The agent: runs until it is told to stop. What it does is in parts, one file each (`start-checks.ts`, `start-backups.ts`), which know nothing of each
// other; `run-agent.ts` gives them the configuration, the control plane's commands and the word to end.
export * from "./run-agent.ts";
export type { MetricsSettings } from "./start-metrics.ts";
