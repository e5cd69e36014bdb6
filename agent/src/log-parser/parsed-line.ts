import type { LogFacility, LogFieldValue, LogSeverity } from "@mycloud/protocol/log-record";

/** What a parser found in a line. Null: the line does not say, or the mapping has to find it among the fields. */
export interface ParsedLine {
  message: string | null;
  timeUs: number | null;
  service: string | null;
  severity: LogSeverity | null;
  facility: LogFacility | null;
  fields: Record<string, LogFieldValue>;
  /** Whether the message and each text among the fields stands in the line as it is: what is not in the line is in none of them. */
  arePieces: boolean;
  /** Why the line is not of the format; it is kept as it is then. */
  error: string | null;
}

/** Parses one line; never throws. `readAtUs`: when it was read, by the wall clock. */
export type ParseLine = (line: string, readAtUs: number) => ParsedLine;

/** Nothing found yet. */
export function newParsedLine(message: string | null, error: string | null = null): ParsedLine {
  return { message, timeUs: null, service: null, severity: null, facility: null, fields: {}, arePieces: true, error };
}

/** Sets a field. Names that mean something else to JavaScript are left out. */
export function setField(fields: Record<string, LogFieldValue>, name: string, value: LogFieldValue): void {
  if (name !== "" && name !== "__proto__") fields[name] = value;
}
