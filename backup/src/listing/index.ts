// Looking into snapshots without restoring them: what lies at a path, what lies below it, and which entries of many snapshots have a
// name, an age, a size, or use a given blob. Directories that several snapshots share are read once.
export * from "./entry-text.ts";
export * from "./find-entries.ts";
export * from "./find-objects.ts";
export * from "./find-path.ts";
export * from "./list-entries.ts";
export * from "./listed-entry.ts";
export * from "./walk-snapshot.ts";
