import { z } from "zod";
import { LogFacility, LogSeverity } from "./severity.ts";

export const LogFieldValue = z.union([z.string(), z.number(), z.boolean()]);
export type LogFieldValue = z.infer<typeof LogFieldValue>;

/** Flat: what was nested is joined by dots, `http.request.method`. */
export const LogFields = z.record(z.string(), LogFieldValue);
export type LogFields = z.infer<typeof LogFields>;

/** A line of a log, as it is stored, searched and shown. */
export const LogRecord = z.object({
  /** Where it stands in the store; sorts as time does, opaque otherwise. */
  id: z.string(),
  /** When it happened, by whoever wrote it: microseconds since 1970, UTC. */
  timeUs: z.number().int(),
  receivedAtMs: z.number().int(),
  /** Who it is of: the name of a host, or what a sender calls itself. */
  host: z.string(),
  /** Where the host was found by: null for senders that are no host. */
  hostId: z.number().int().nullable(),
  customer: z.string().nullable(),
  /** What it was read from: a LogSource's name, or `syslog`, `forward`, `http`. */
  source: z.string(),
  /** The program that wrote it: syslog's APP-NAME, the journal's SYSLOG_IDENTIFIER, or as the source says. */
  service: z.string(),
  severity: LogSeverity.nullable(),
  facility: LogFacility.nullable(),
  message: z.string(),
  fields: LogFields,
});
export type LogRecord = z.infer<typeof LogRecord>;
