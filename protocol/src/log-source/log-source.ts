import { z } from "zod";
import { LogFieldValue, LogSeverity } from "../log-record/index.ts";
import { HostName, ResourceName } from "../name/index.ts";
import { HostSelector } from "../selector/index.ts";

const Glob = z.string().startsWith("/", "is no absolute path").max(4096);
/**
 * A JavaScript regular expression with the flag `u`. The agent refuses forms that may take exponential time, looks at 16 KiB of a line at most, and ends a
 * line's work by time: what could not be parsed or shaped is withheld, where it was not found whether a record begins the line goes on with the one before.
 */
export const LogPatternText = z.string().min(1).max(1000);
const FieldName = z.string().min(1).max(128);

/** Lines that belong to one record: every line that does not match `start` goes on with the record before. */
export const LogMultiline = z.strictObject({
  start: LogPatternText,
  /** A record is complete when nothing more came for so long. */
  timeoutMs: z.number().int().min(100).max(60_000).default(1_000),
  maximumLines: z.number().int().min(2).max(10_000).default(500),
});
export type LogMultiline = z.infer<typeof LogMultiline>;

/** What is read. Files are read only below the folders that the host's own policy names (`logRoots`, by default /var/log). */
export const LogInput = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("file"),
    /** Globs as shells have them, and `**`. Files that come later are found. */
    paths: z.array(Glob).min(1).max(100),
    excludePaths: z.array(Glob).max(100).default(["/**/*.gz", "/**/*.[0-9]", "/**/*.[0-9][0-9]"]),
    multiline: LogMultiline.nullable().default(null),
    /** As WHATWG's encoding standard names it. */
    encoding: z.string().max(32).default("utf-8"),
    /** Where reading begins in files that were there before the source was: those that come later are read whole. */
    startAt: z.enum(["beginning", "end"]).default("end"),
  }),
  z.strictObject({
    type: z.literal("journal"),
    /** systemd units; all when empty. */
    units: z.array(z.string().min(1).max(255)).max(100).default([]),
    /** The least severe that is read. */
    priority: LogSeverity.default("debug"),
    startAt: z.enum(["beginning", "end"]).default("end"),
  }),
  z.strictObject({
    type: z.literal("command"),
    /** A name on the agent's own list (policy.yaml, `logCommands`): its stdout is read, and it is started again when it ends. */
    command: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, "command is not 1 to 64 letters, digits, _ . or -"),
    multiline: LogMultiline.nullable().default(null),
  }),
  z.strictObject({ type: z.literal("agent") }),
]);
export type LogInput = z.infer<typeof LogInput>;

/** How a line becomes a record. A line that cannot be parsed is shipped as it is, counted, with the field `parse_error`. */
export const LogParser = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("none") }),
  z.strictObject({ type: z.literal("json") }),
  z.strictObject({ type: z.literal("logfmt") }),
  z.strictObject({ type: z.literal("syslog") }),
  /** Apache's and nginx' common and combined formats. */
  z.strictObject({ type: z.literal("access") }),
  /** Its named groups become fields. */
  z.strictObject({ type: z.literal("regex"), pattern: LogPatternText }),
]);
export type LogParser = z.infer<typeof LogParser>;

/** Where a record's own values are found among what was parsed; the usual names are tried when null. */
export const LogMapping = z.strictObject({
  timeField: FieldName.nullable().default(null),
  /** `iso8601`, `unix`, `unix-ms`, or a pattern of strftime's letters: `%d/%b/%Y:%H:%M:%S %z`. Guessed when null. */
  timeFormat: z.string().max(100).nullable().default(null),
  /** For times that do not say: an IANA name. The host's own when null. */
  timeZone: z.string().max(64).nullable().default(null),
  severityField: FieldName.nullable().default(null),
  messageField: FieldName.nullable().default(null),
  serviceField: FieldName.nullable().default(null),
});
export type LogMapping = z.infer<typeof LogMapping>;

/** Taken out before anything leaves the host. */
export const LogRedaction = z.strictObject({
  /** Ready-made: passwords, tokens and keys by name or form; card numbers (Luhn holds); e-mail addresses. */
  builtIn: z.array(z.enum(["secrets", "card-numbers", "email-addresses"])).default(["secrets", "card-numbers"]),
  custom: z
    .array(z.strictObject({ pattern: LogPatternText, replacement: z.string().max(100).default("********") }))
    .max(50)
    .default([]),
});
export type LogRedaction = z.infer<typeof LogRedaction>;

/** What is kept of what was read. What is left out is counted. */
export const LogSieve = z.strictObject({
  /** Of these, one must be found in the line, if there are any. */
  include: z.array(LogPatternText).max(50).default([]),
  exclude: z.array(LogPatternText).max(50).default([]),
  /** Of records at most this severe one in `oneIn` is kept. */
  sample: z
    .strictObject({ severity: LogSeverity.default("info"), oneIn: z.number().int().min(2).max(1_000_000) })
    .nullable()
    .default(null),
  /** More than this is left out, and a record says how many were: `N suppressed`. */
  maximumLinesPerSecond: z.number().int().positive().nullable().default(null),
});
export type LogSieve = z.infer<typeof LogSieve>;

/** Logs of hosts that are read, and where they go. */
export const LogSourceInput = z.object({
  name: ResourceName,
  selector: HostSelector,
  isEnabled: z.boolean().default(true),
  input: LogInput,
  parser: LogParser.default({ type: "none" }),
  mapping: LogMapping.prefault({}),
  redaction: LogRedaction.prefault({}),
  sieve: LogSieve.prefault({}),
  /** The program it is of, where nothing in the record says so. */
  service: ResourceName.nullable().default(null),
  /** Fields that every record gets. */
  fields: z.record(FieldName, LogFieldValue).default({}),
  isSentToControlPlane: z.boolean().default(true),
  /** Names of LogDestinations. */
  destinations: z.array(ResourceName).max(10).default([]),
});
export type LogSourceInput = z.infer<typeof LogSourceInput>;

/** A fluentd, a Fluent Bit, or whatever else speaks Forward version 1, that agents send to. */
export const LogDestinationInput = z.object({
  name: ResourceName,
  host: z.string().min(1).max(255),
  port: z.number().int().min(1).max(65_535).default(24_224),
  tls: z
    .strictObject({
      /** PEM; the machine's own authorities when null. */
      ca: z.string().max(65_536).nullable().default(null),
      serverName: z.string().max(255).nullable().default(null),
    })
    .nullable()
    .default(null),
  /** The shared key. */
  secret: z.string().max(1024).nullable().default(null),
  username: z.string().max(255).nullable().default(null),
  password: z.string().max(1024).nullable().default(null),
});
export type LogDestinationInput = z.infer<typeof LogDestinationInput>;

/** Somebody beside agents who may send logs: a device, an rsyslog, a fluentd. */
export const LogSenderInput = z.object({
  name: ResourceName,
  isEnabled: z.boolean().default(true),
  protocols: z
    .array(z.enum(["forward", "syslog", "http"]))
    .min(1)
    .default(["syslog"]),
  /** From where: addresses and networks. Empty: nobody, but who signs in by `username` or `secret`. */
  networks: z.array(z.string().min(1).max(64)).max(100).default([]),
  /** Forward: user name and password; HTTP: basic authentication. */
  username: z.string().max(255).nullable().default(null),
  password: z.string().max(1024).nullable().default(null),
  /** Forward's shared key. */
  secret: z.string().max(1024).nullable().default(null),
  /** The host its records are of. Null: as each record says. */
  host: HostName.nullable().default(null),
  customer: z.string().nullable().default(null),
  maximumLinesPerSecond: z.number().int().positive().nullable().default(null),
  maximumBytesPerDay: z.number().int().positive().nullable().default(null),
});
export type LogSenderInput = z.infer<typeof LogSenderInput>;

/** Records sent on to an outside system as they come. */
export const LogForwardInput = z.object({
  name: ResourceName,
  isEnabled: z.boolean().default(true),
  /** In the language of the search; everything when empty. */
  query: z.string().max(4096).default(""),
  target: z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("forward"), ...LogDestinationInput.omit({ name: true }).shape }),
    z.strictObject({
      type: z.literal("syslog"),
      transport: z.enum(["udp", "tcp", "tls"]).default("tcp"),
      host: z.string().min(1).max(255),
      port: z.number().int().min(1).max(65_535).default(514),
      ca: z.string().max(65_536).nullable().default(null),
    }),
  ]),
});
export type LogForwardInput = z.infer<typeof LogForwardInput>;
