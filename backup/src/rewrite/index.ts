// Rewriting takes paths out of snapshots that are stored already: what should never have been backed up. Trees that change are written
// anew, everything else is shared with the old snapshot; the data goes when the old snapshots are forgotten and the repository is pruned.
export * from "./rewrite-snapshots.ts";
