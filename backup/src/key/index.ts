// A key file holds the repository's master key, sealed with a password; there may be many, by restic or by us, and each opens everything.
export * from "./key-file.ts";
export * from "./manage-keys.ts";
export * from "./search-key.ts";
