// The log: what happened, read from history in the database and told as Nagios' log tells it.
export * from "./log-entry.ts";
export * from "./read-log.ts";
export * from "./read-state-history.ts";
export type { HistoricStretch } from "./state-history.ts";
