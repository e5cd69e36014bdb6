// Stock restic clients sign in by user and password (HTTP basic). Who they are, and what each may do with which repository, is in one
// JSON file of mode 0600, passwords as argon2id hashes.
export * from "./password-file.ts";
export * from "./password-hash.ts";
