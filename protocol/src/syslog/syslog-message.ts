import type { LogFacility, LogSeverity } from "../log-record/index.ts";

/** A message of syslog as it was understood. What was not said is null. */
export interface SyslogMessage {
  /** `raw` is what could not be read as either: its whole text is the message, and `fault` says why. */
  readonly format: "rfc5424" | "rfc3164" | "raw";
  readonly fault: string | null;
  readonly facility: LogFacility | null;
  readonly severity: LogSeverity | null;
  /** Microseconds since 1970, UTC. */
  readonly timeUs: number | null;
  readonly hostName: string | null;
  /** RFC 3164's tag. */
  readonly appName: string | null;
  readonly procId: string | null;
  readonly msgId: string | null;
  readonly structuredData: readonly StructuredDataElement[];
  readonly message: string;
}

/** RFC 5424 §6.3. A name may come several times. */
export interface StructuredDataElement {
  readonly id: string;
  readonly params: readonly (readonly [name: string, value: string])[];
}
