// The cache keeps what every command reads (index files, snapshots, packs of trees) on this machine, so that a repository far away is not
// asked for it each time. It is only ever a copy: entries are compared with their names, may be removed at any time, and a cache that
// cannot be written (disk full, not allowed) is as good as none.
export * from "./open-cache.ts";
