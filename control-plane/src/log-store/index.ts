// Where log records are kept and found: one interface, an embedded store (SQLite with FTS5, a file for each day), and ClickHouse. Both pass the same contract
// tests. Records are stored once for each chunk a sender sends, and acknowledged only when they are.
export * from "./attended-log-store.ts";
export * from "./create-log-store.ts";
export * from "./log-store.ts";
export * from "./log-store-error.ts";
export * from "./log-store-location.ts";
export * from "./records-of-host.ts";
