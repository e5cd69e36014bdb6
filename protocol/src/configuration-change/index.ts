// What changed in a host's configuration before something broke, told from its backups.
export * from "./configuration-change.ts";
