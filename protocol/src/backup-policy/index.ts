// Backup policies: what of which hosts is backed up, when, to where, and what is promised about it.
export * from "./backup-dump.ts";
export * from "./backup-job.ts";
export * from "./backup-policy.ts";
export * from "./backup-schedule.ts";
export * from "./bandwidth-period.ts";
export * from "./excludes-preview.ts";
export * from "./retention.ts";
