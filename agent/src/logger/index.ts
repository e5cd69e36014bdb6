// The agent's log: one JSON line per event on stderr, in pino's shape (level, time, pid, hostname, msg, then the fields), or readable
// text on a terminal. Written here rather than taken from pino, which would cost every agent 5 MB of memory for these few lines.
export * from "./format-line.ts";
export * from "./logger.ts";
export * from "./redact.ts";
