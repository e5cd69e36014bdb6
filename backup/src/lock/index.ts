// Locks are files in the repository, restic's own: many shared ones (backup, restore), or one exclusive (prune, repair). restic and we
// honour each other's. A lock is refreshed while its owner works; one that is not refreshed, or whose process is dead, is stale. Ours say
// which process of which boot holds them, so that what a killed one leaves stops nobody on that host and no clock is asked.
export * from "./lock-file.ts";
export * from "./unlock.ts";
export * from "./with-lock.ts";
