// Tags are words on snapshots, by which people and retention policies find them. A snapshot file never changes: new tags make a new file,
// which names the first one as its `original`, and the old one goes.
export * from "./change-tags.ts";
export * from "./tag-changes.ts";
