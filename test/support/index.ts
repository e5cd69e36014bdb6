// Support for acceptance tests: real processes on free ports; see README.md.
export * from "./api-client.ts";
export * from "./certificates.ts";
export * from "./cleanup.ts";
export * from "./faulty-proxy.ts";
export * from "./follow-events.ts";
export * from "./free-port.ts";
export * from "./mail-sink.ts";
export * from "./mycloud-process.ts";
export * from "./process-tree.ts";
export * from "./repository-fixture.ts";
export * from "./start-instance.ts";
export * from "./start-server.ts";
export * from "./start-storage.ts";
export * from "./start-up.ts";
export * from "./temporary-directory.ts";
export * from "./wait-for.ts";
