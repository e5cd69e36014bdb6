// The scrub reads every stored object again and compares it with its name, for disks forget. What is bad is moved to a quarantine, where
// its good parts can still be read, and put on a list of what is wanted: the next client that still has the content sends it again.
export * from "./endangered-snapshots.ts";
export * from "./judge-object.ts";
export * from "./quarantine.ts";
export * from "./scrub-record.ts";
export * from "./scrub-repository.ts";
export * from "./scrubber.ts";
export * from "./second-copy.ts";
export * from "./wanted-list.ts";
