import type { LogFacility, LogFieldValue, LogSeverity } from "@mycloud/protocol/log-record";

/** A record on its way from a host, within protocol's `logLimits`. */
export interface OutgoingRecord {
  /** Microseconds since 1970, UTC. */
  timeUs: number;
  service: string;
  severity: LogSeverity | null;
  facility: LogFacility | null;
  message: string;
  /** Flat: what was nested is joined by dots. */
  fields: Record<string, LogFieldValue>;
}
