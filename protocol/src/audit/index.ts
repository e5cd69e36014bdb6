// The audit log: who changed what.
export * from "./audit-entry.ts";
