// What the snapshots need: their trees, the trees below and the blobs of the files, marked in bitmaps over the blob table. Each tree is
// read once, however many snapshots share it.
export * from "./blob-bitmap.ts";
export * from "./mark-reachable.ts";
export * from "./visit-trees.ts";
