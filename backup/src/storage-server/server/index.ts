// Wires the parts into a server: options, start and end, one request through them.
export * from "./start-storage-server.ts";
export * from "./storage-options.ts";
export * from "./storage-server-options.ts";
