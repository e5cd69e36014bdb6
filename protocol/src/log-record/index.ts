// Log records: a line of a log with its time, its host, its severity, and its fields.
export * from "../log-terms/index.ts";
export * from "./log-record.ts";
export * from "./severity.ts";
