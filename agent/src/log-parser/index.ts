// From a line to a record: parsers of the formats that programs write, times, and the mapping of parsed fields to a record's own values.
export * from "./outgoing-record.ts";
