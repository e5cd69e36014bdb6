// A storage server that scrubs finds packs that are not what they were: it *wants* them again. A backup heals them: what still opens in
// them is stored anew, the rest is read again from the files, and only then do the index and the server forget the damaged pack.
export * from "./finish-healing.ts";
export * from "./healing-report.ts";
export * from "./salvage-blobs.ts";
export * from "./wanted-packs.ts";
