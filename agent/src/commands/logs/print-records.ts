import type { LogRecord, LogSeverity } from "@mycloud/protocol/log-record";
import { claimantOf } from "@mycloud/protocol/log-terms";
import { type Paint, paintFor, printable, type Style, type Terminal, write } from "../../command-line/index.ts";

/** Prints records, a line each; as JSON, the API's own objects, one a line. Lines of a message behind its first are indented. */
export async function printRecords(
  terminal: Terminal,
  records: readonly LogRecord[],
  { json = false, fields = false }: { readonly json?: boolean; readonly fields?: boolean },
): Promise<void> {
  if (records.length === 0) return;
  const paint = paintFor(terminal);
  const lines = records.map((record) => (json ? JSON.stringify(record) : formatRecord(record, paint, fields)));
  await write(terminal.stdout, `${lines.join("\n")}\n`);
}

const styles: Readonly<Partial<Record<LogSeverity, Style>>> = {
  emerg: "red",
  alert: "red",
  crit: "red",
  err: "red",
  warning: "yellow",
  debug: "dim",
};

/** A record as a person reads it: time (UTC), host, program, severity, message. Pure. */
export function formatRecord(record: LogRecord, paint: Paint, isWithFields: boolean): string {
  const { timeUs, host, service, severity, message } = record;
  const time = `${new Date(Math.floor(timeUs / 1000)).toISOString().slice(0, 23).replace("T", " ")}Z`;
  const style = severity === null ? undefined : styles[severity];
  const word = (severity ?? "-").padEnd(7);
  const text = message.replace(/\n+$/, "").split("\n").map(printable).join("\n    ");
  const claimant = claimantOf(record);
  const claim = claimant === null ? "" : ` ${paint("dim", `[said by ${printable(claimant)}]`)}`;
  const head = `${paint("dim", time)} ${printable(host)} ${paint("bold", printable(service))} ${style ? paint(style, word) : word}${claim}`;
  const fields = isWithFields ? fieldsOf(record) : "";
  return `${head} ${style === "red" ? paint("red", text) : text}${fields === "" ? "" : `\n    ${paint("dim", fields)}`}`;
}

function fieldsOf({ source, facility, fields }: LogRecord): string {
  const all = Object.entries({ source, ...(facility === null ? {} : { facility }), ...fields });
  return all.map(([name, value]) => `${printable(name)}=${printable(quoteWhereNeeded(String(value)))}`).join(" ");
}

function quoteWhereNeeded(text: string): string {
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}
