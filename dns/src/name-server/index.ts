// The name server without its sockets: what it was told and the zones it has on one side, messages and what they are answered with on the other.
export * from "./name-server.ts";
export * from "./name-server-options.ts";
