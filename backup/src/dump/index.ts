// Streams out of snapshots: one file as it is (or a range of its bytes), a directory as tar or zip. Memory is bounded whatever the size.
export * from "./dump.ts";
