// JSON documents of a repository that every command reads (config, keys, locks, snapshots), checked field by field. By hand, since loading
// zod takes a tenth of the time of a backup in which nothing changed; documents that are read seldom have a zod schema.
export * from "./document-fields.ts";
