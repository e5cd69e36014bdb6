import { z } from "zod";
import { formatDuration, type Paint, printable } from "../command-line/index.ts";

/** pino's shape; everything else on the line is a field. */
const LogEvent = z.looseObject({ level: z.number(), time: z.number(), msg: z.string().default("") });

const noise = new Set(["level", "time", "msg", "pid", "hostname", "name"]);

/** One line of a child's output for people: JSON events as `20:15:01 WARN  message  field=value`, other lines as they are. Pure. */
export function formatLogLine(line: string, paint: Paint): string {
  const event = LogEvent.safeParse(parse(line)).data;
  if (event === undefined) return printable(line);
  const time = new Date(event.time).toTimeString().slice(0, 8);
  const fields = Object.entries(event)
    .filter(([name]) => !noise.has(name))
    .map(([name, value]) => `${name}=${formatValue(name, value)}`);
  const text = printable([event.msg, ...fields].join("  "));
  return `${paint("dim", time)} ${paintLevel(event.level, paint)} ${text}`;
}

function paintLevel(level: number, paint: Paint): string {
  if (level >= 50) return paint("red", "ERROR");
  if (level >= 40) return paint("yellow", "WARN ");
  return level >= 30 ? "INFO " : "DEBUG";
}

function formatValue(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  // An error's stack is for the JSON log; here its message says enough.
  if (typeof value === "object" && value !== null && "message" in value) return String(value.message);
  if (typeof value === "number" && name.endsWith("Ms") && !name.endsWith("AtMs") && value >= 10_000)
    return formatDuration(value);
  return JSON.stringify(value) ?? "";
}

function parse(line: string): unknown {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
