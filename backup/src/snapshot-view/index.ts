// Looking into the snapshots of one open repository: folders by pages, files by ranges, archives, search over all snapshots, the history of a path,
// what differs between two snapshots, and the difference of two texts. A question has a head at once and, where there is more, a body that is made
// at the pace it is read. Nothing is locked: as with restic's `--no-lock`, a reader whose packs are pruned away meanwhile reads the index again.
export * from "./create-snapshot-view.ts";
export * from "./snapshot-entry.ts";
