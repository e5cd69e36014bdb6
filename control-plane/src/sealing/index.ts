// Sealing: secrets that the program must be able to read again (passwords of other systems) are stored sealed under a master key, which is a
// file beside the database or wherever `--master-key-file` says. Secrets that only have to be compared are hashed instead.
export * from "./sealer.ts";
export * from "./secret-fields.ts";
