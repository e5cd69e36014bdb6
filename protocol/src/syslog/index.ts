// Syslog: messages of RFC 5424 and of RFC 3164 with what devices make of it (`parseSyslog`), how they are cut out of a stream (RFC 6587,
// `SyslogFrameStream`), and how they are written. All pure; nothing that comes is refused, what cannot be read is kept as it came.
export * from "./bsd-time.ts";
export * from "./format-syslog.ts";
export * from "./frame-stream.ts";
export { readIsoTime } from "./iso-time.ts";
export * from "./local-time.ts";
export * from "./parse-syslog.ts";
export * from "./priority.ts";
export * from "./structured-data.ts";
export * from "./syslog-message.ts";
