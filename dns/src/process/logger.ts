export type LogLevel = "info" | "warn" | "error";
export type LogFields = Readonly<Record<string, unknown>>;

/** Takes events: fixed words, data in fields, so that equal events group. */
export interface Logger {
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

/** pino's numbers, as every process of MyCloud writes them. */
const levelNumbers = { info: 30, warn: 40, error: 50 } as const satisfies Record<LogLevel, number>;

/** A logger that writes a line for each event: JSON, or text for people. */
export function createLogger(
  format: "json" | "text",
  write: (line: string) => void,
  now: () => number,
  pid: number,
): Logger {
  const log = (level: LogLevel) => (fields: LogFields, message: string) => {
    const plain = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, describe(value)]));
    if (format === "json") {
      write(`${JSON.stringify({ level: levelNumbers[level], time: now(), pid, ...plain, msg: message })}\n`);
      return;
    }
    const rest = Object.entries(plain)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `  ${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
      .join("");
    write(`${new Date(now()).toISOString().slice(11, 19)} ${level.toUpperCase().padEnd(5)} ${message}${rest}\n`);
  };
  return { info: log("info"), warn: log("warn"), error: log("error") };
}

function describe(value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const code = "code" in value ? { code: value.code } : {};
  return { type: value.name, message: value.message, ...code };
}
