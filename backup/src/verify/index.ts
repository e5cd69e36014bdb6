// Verify examines a repository: that every snapshot's trees and blobs are there (structure) and, if asked, that every byte is what was
// written (data). Each fault is a classified finding that says which snapshots and files it hits.
export * from "./examine-damaged.ts";
export * from "./finding.ts";
export * from "./subset.ts";
export * from "./verify.ts";
