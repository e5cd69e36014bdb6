// A repository is a backend plus the key to it: documents (snapshots, index files, locks) and blobs go in and out as plaintext, and
// everything that comes out was authenticated and compared with its name.
export * from "./config.ts";
export * from "./init-repository.ts";
export * from "./open-repository.ts";
export * from "./repository.ts";
