// What is served, from files: a configuration in JSON and zone files, in place of a control plane. Read at the start and whenever asked.
export * from "./read-files.ts";
