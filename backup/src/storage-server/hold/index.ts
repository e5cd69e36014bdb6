// A hold keeps a snapshot from being deleted, for a reason and until a time. It is a small JSON file named by the snapshot's id.
export * from "./hold.ts";
