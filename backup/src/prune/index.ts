// Prune deletes data that no snapshot needs. Mark (bitmaps over the blob table), plan (a value that --dry-run prints), then do: repack,
// new index, old index away, packs away; killed after any of these steps, the repository is whole and the next prune finishes.
export * from "./plan.ts";
export * from "./prune.ts";
