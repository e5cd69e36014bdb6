// Bringing files back: checkout, rollback and restore as people ask for them, their plans, and their runs.
export * from "./agent-restore.ts";
export * from "./restore-run.ts";
