// From a line to a record: parsers of the formats that programs write, times, and the mapping of parsed fields to a record's own values.

export * from "./create-line-parser.ts";
export * from "./fit-limits.ts";
export * from "./outgoing-record.ts";
export * from "./parsed-line.ts";
export * from "./time-format.ts";
