import type { LogFacility, LogSeverity } from "../log-record/index.ts";
import { logFacilities, logSeverities } from "../log-terms/index.ts";

export interface Priority {
  readonly facility: LogFacility;
  readonly severity: LogSeverity;
  /** Where what follows begins. */
  readonly end: number;
}

/** Reads `<0>` to `<191>` at the beginning (RFC 5424 §6.2.1); null for anything else, leading zeros among them. Pure. */
export function readPriority(text: string): Priority | null {
  if (text.charCodeAt(0) !== 0x3c) return null;
  const end = text.indexOf(">", 1);
  if (end < 2 || end > 4) return null;
  let value = 0;
  for (let at = 1; at < end; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return null;
    value = value * 10 + digit;
  }
  if (text.charCodeAt(1) === 0x30 && end > 2) return null;
  const facility = logFacilities[value >> 3];
  const severity = logSeverities[value & 7];
  return facility === undefined || severity === undefined ? null : { facility, severity, end: end + 1 };
}

/** `<PRI>`; what has no facility is of `user`, what has no severity is `notice` (RFC 3164 §4.3.3). Pure. */
export function formatPriority(facility: LogFacility | null, severity: LogSeverity | null): string {
  return `<${logFacilities.indexOf(facility ?? "user") * 8 + logSeverities.indexOf(severity ?? "notice")}>`;
}
