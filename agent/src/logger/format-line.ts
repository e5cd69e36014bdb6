import { redact } from "./redact.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** pino's numbers. */
export const levelNumbers = { debug: 20, info: 30, warn: 40, error: 50 } as const satisfies Record<LogLevel, number>;

/** One event on its way to the log. */
export interface LogEvent {
  readonly level: LogLevel;
  readonly atMs: number;
  readonly bindings: Readonly<Record<string, unknown>>;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** One JSON line as pino writes it. */
export function formatJsonLine(event: LogEvent): string {
  const { level, atMs, bindings, fields, message } = event;
  return `${JSON.stringify({ level: levelNumbers[level], time: atMs, ...bindings, ...serialise(fields), msg: message })}\n`;
}

/** One line for people: `20:15:01 WARN  check results could not be delivered  error=...`. */
export function formatTextLine(event: LogEvent): string {
  const time = new Date(event.atMs).toISOString().slice(11, 19);
  const fields = Object.entries(serialise(event.fields))
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `  ${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("");
  return `${time} ${event.level.toUpperCase().padEnd(5)} ${event.message}${fields}\n`;
}

function serialise(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, redact(name, plain(value))]));
}

function plain(value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const code = "code" in value ? { code: value.code } : {};
  return { type: value.name, message: value.message, ...code };
}
