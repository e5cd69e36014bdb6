// Repair makes a damaged repository usable again with what is left: a new config, an index from the packs themselves, packs without their bad blobs,
// snapshots without the content that is lost. In this order; then prune. Each step can be run again.
export * from "./repair-config.ts";
export * from "./repair-index.ts";
export * from "./repair-packs.ts";
export * from "./repair-snapshots.ts";
