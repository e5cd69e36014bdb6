// The server: TCP and a socket file, connections, their limits.
export * from "./listen.ts";
export * from "./serve-connection.ts";
