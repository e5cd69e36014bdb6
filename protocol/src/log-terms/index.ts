// The words and bounds of log records without their schemas: for the process that ships logs, which is small because it loads no schema library.
// Everybody else takes them from log-record.
export * from "./claim.ts";
export * from "./limits.ts";
export * from "./severity.ts";
