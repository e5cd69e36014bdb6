// `mycloud agent`: run it, enrol this host, see how it is doing.
export * from "./create-agent-command.ts";
export * from "./enrol-host.ts";
