// From a snapshot back to files. Directories are walked and their files planned on the main thread, content is written by worker threads,
// and metadata comes last, from the bottom up, so that read-only directories and modification times end as they were.
export * from "./restore-gate.ts";
export * from "./restore-options.ts";
export * from "./restore-snapshot.ts";
export * from "./restore-summary.ts";
