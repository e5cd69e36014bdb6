// A repository in a directory, in restic's own layout: `config`, `keys/`, `locks/`, `snapshots/`, `index/`, `data/00..ff/`; and `holds/`,
// which restic passes over. Any program that knows the format can use the directory at the same time.
export * from "./layout.ts";
export * from "./open-local-backend.ts";
