import type { LogFieldValue } from "@mycloud/protocol/log-record";
import { logFacilities, logSeverities } from "@mycloud/protocol/log-terms";
import type { SourceEntry } from "../line-batch.ts";
import type { JournalFields } from "./export-format.ts";

/** The journal's own fields that are kept, by the names they get; what a program added itself is kept by its name in lower case. */
const keptFields: Readonly<Record<string, string>> = {
  _PID: "pid",
  SYSLOG_PID: "pid",
  _UID: "uid",
  _GID: "gid",
  _COMM: "comm",
  _EXE: "exe",
  _SYSTEMD_UNIT: "unit",
  _SYSTEMD_USER_UNIT: "user_unit",
  _TRANSPORT: "transport",
  _BOOT_ID: "boot_id",
  CONTAINER_NAME: "container_name",
};

/** Fields that are told otherwise, or say nothing to people. */
const leftOut = new Set([
  "MESSAGE",
  "PRIORITY",
  "SYSLOG_FACILITY",
  "SYSLOG_IDENTIFIER",
  "SYSLOG_TIMESTAMP",
  "SYSLOG_RAW",
]);

/** A line of a journal's entry: systemd.journal-fields(7). Null for entries without a message. Pure. */
export function readJournalEntry({ values }: JournalFields, readAtUs: number): SourceEntry | null {
  const text = (name: string): string | null => values.get(name)?.toString("utf8") ?? null;
  const message = text("MESSAGE");
  if (message === null) return null;
  const fields: Record<string, LogFieldValue> = {};
  for (const [name, value] of values) {
    const kept = keptFields[name] ?? (name.startsWith("_") || leftOut.has(name) ? null : name.toLowerCase());
    if (kept === null || Object.hasOwn(fields, kept)) continue;
    const word = value.toString("utf8");
    fields[kept] = /^(?:0|[1-9]\d{0,14})$/.test(word) ? Number(word) : word;
  }
  return {
    message: message.replace(/\n$/u, ""),
    timeUs: numberOf(text("_SOURCE_REALTIME_TIMESTAMP") ?? text("__REALTIME_TIMESTAMP")) ?? readAtUs,
    service: text("SYSLOG_IDENTIFIER") ?? text("_COMM"),
    severity: logSeverities[numberOf(text("PRIORITY")) ?? -1] ?? null,
    facility: logFacilities[numberOf(text("SYSLOG_FACILITY")) ?? -1] ?? null,
    fields,
  };
}

function numberOf(text: string | null): number | null {
  return text !== null && /^\d{1,16}$/.test(text) ? Number(text) : null;
}
