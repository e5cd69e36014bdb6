const levelNames: Readonly<Record<number, string>> = { 20: "DEBUG", 30: "INFO", 40: "WARN", 50: "ERROR", 60: "FATAL" };
const hidden = new Set(["level", "time", "pid", "hostname", "msg", "err", "requestId"]);

/** A JSON line of pino as a person reads it: `20:15:01 INFO  listening  url=http://127.0.0.1:8080`, an error's stack below. */
export function formatTextLine(jsonLine: string): string {
  const event: Record<string, unknown> = JSON.parse(jsonLine);
  const time = new Date(Number(event.time)).toISOString().slice(11, 19);
  const level = levelNames[Number(event.level)] ?? "INFO";
  const fields = Object.entries(event)
    .filter(([name, value]) => !hidden.has(name) && value !== null)
    .map(
      ([name, value]) => `  ${name}=${typeof value === "string" && !/\s/.test(value) ? value : JSON.stringify(value)}`,
    )
    .join("");
  return `${time} ${level.padEnd(5)} ${String(event.msg ?? "")}${fields}${describeError(event.err)}\n`;
}

function describeError(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  const { stack, message } = error as { stack?: unknown; message?: unknown };
  const text = typeof stack === "string" ? stack : String(message);
  const cause = "cause" in error ? describeError(error.cause) : "";
  return `\n    ${text.replaceAll("\n", "\n    ")}${cause}`;
}
