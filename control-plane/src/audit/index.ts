// The audit log: every mutation, by whom, with before and after.
export * from "./audit-log.ts";
