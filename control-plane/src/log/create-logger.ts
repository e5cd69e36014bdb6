import { type DestinationStream, type Logger, pino } from "pino";
import { formatTextLine } from "./format-text-line.ts";

// Wherever a secret may turn up by its usual name; whole URLs with passwords are never logged.
const secretNames = [
  "authorization",
  "cookie",
  "password",
  "token",
  "secret",
  "csrfToken",
  "adminPassword",
  "smtpPassword",
  "databaseUrl",
];
const redactedPaths = secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.headers["${name}"]`]);

interface CreateLoggerOptions {
  readonly level: "debug" | "info" | "warn" | "error" | "silent";
  readonly format: "json" | "text";
  readonly write: (line: string) => void;
}

/** The log: one JSON line for each event, or one readable line. Secrets are taken out on the way. */
export function createLogger({ level, format, write }: CreateLoggerOptions): Logger {
  const stream: DestinationStream = { write: format === "json" ? write : (line) => write(formatTextLine(line)) };
  return pino(
    { level, redact: { paths: redactedPaths, censor: "[redacted]" }, serializers: { err: describeError } },
    stream,
  );
}

/** An error with its stack and causes. Not pino's own: that copies every property, such as a statement with its values. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = "code" in error ? { code: error.code } : {};
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) };
  return { type: error.name, message: error.message, ...code, stack: error.stack, ...cause };
}
