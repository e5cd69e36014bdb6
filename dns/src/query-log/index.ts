// What was asked, as JSON lines: one query in so many. A log source of type file with JSON lines on the same host ships them.
export * from "./query-log.ts";
export * from "./query-log-file.ts";
