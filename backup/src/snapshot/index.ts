// A snapshot is the state of some paths at one time: a small file that names a tree. This folder has its form, its order and its
// selection. It imports no repository code (only types), so that the control plane can use it too.
export * from "./choose-snapshots.ts";
export * from "./group.ts";
export * from "./list-snapshots.ts";
export * from "./order.ts";
export * from "./replace-snapshot.ts";
export * from "./resolve-snapshot.ts";
export * from "./save-snapshot.ts";
export * from "./schema.ts";
export * from "./select.ts";
export * from "./snapshot.ts";
export * from "./stored-snapshot.ts";
