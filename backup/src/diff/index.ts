// What changed between two snapshots: entries added, removed, modified, of another type, or with other metadata, and how many bytes
// of the repository each side has for itself. Identical directories have identical ids and are never read.
export * from "./compare-nodes.ts";
export * from "./diff-snapshots.ts";
export * from "./node-pairs.ts";
