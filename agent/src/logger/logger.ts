import { hostname } from "node:os";
import { formatJsonLine, formatTextLine, type LogLevel, levelNumbers } from "./format-line.ts";

/** What an event carries besides its fixed text. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Takes events. Fixed message text, data in fields, so that equal events group. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  child(fields: LogFields): Logger;
}

/** Where lines go and how they look. */
export interface LoggerOptions {
  readonly level: LogLevel;
  readonly format: "json" | "text";
  readonly write: (line: string) => void;
  readonly now: () => number;
  readonly fields?: LogFields;
}

/** Makes a logger; secrets are removed from what it writes. */
export function createLogger(options: LoggerOptions): Logger {
  const bindings = { pid: process.pid, hostname: hostname() };
  const format = options.format === "json" ? formatJsonLine : formatTextLine;
  const make = (inherited: LogFields): Logger => {
    const log = (level: LogLevel) => (fields: LogFields, message: string) => {
      if (levelNumbers[level] < levelNumbers[options.level]) return;
      options.write(format({ level, atMs: options.now(), bindings, fields: { ...inherited, ...fields }, message }));
    };
    return {
      debug: log("debug"),
      info: log("info"),
      warn: log("warn"),
      error: log("error"),
      child: (fields) => make({ ...inherited, ...fields }),
    };
  };
  return make(options.fields ?? {});
}

/** A logger on stderr, and on whoever listens: text on a terminal or when MYCLOUD_LOG_FORMAT=text, JSON else; MYCLOUD_LOG_LEVEL sets the level. */
export function createProcessLogger(
  environment: NodeJS.ProcessEnv,
  onLine: (line: string) => void = () => undefined,
): Logger {
  const wanted = environment.MYCLOUD_LOG_FORMAT;
  const format = wanted === "text" || (wanted !== "json" && process.stderr.isTTY) ? "text" : "json";
  const level = environment.MYCLOUD_LOG_LEVEL;
  return createLogger({
    level: level === "debug" || level === "warn" || level === "error" ? level : "info",
    format,
    write: (line) => {
      process.stderr.write(line);
      onLine(line);
    },
    now: Date.now,
  });
}
