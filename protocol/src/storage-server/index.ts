// Storage servers that keep repositories and trust this installation's tokens.
export * from "./storage-server.ts";
