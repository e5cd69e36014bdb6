// Between control plane and name servers: what they are told, what they fetch, and what they say of themselves.
export * from "./name-server.ts";
export * from "./name-server-configuration.ts";
export * from "./name-server-file.ts";
export * from "./name-server-status.ts";
export * from "./zone-feed.ts";
