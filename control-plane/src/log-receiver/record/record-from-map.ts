import { logFacilities as facilities, readSeverity } from "@mycloud/protocol/log-record";
import type { NewLogRecord } from "../../log-store/index.ts";
import { finishRecord, type RecordContext } from "./finish-record.ts";
import { FlatFields } from "./flat-fields.ts";

/** What programs call the parts of a record, the usual first. */
const names = {
  message: ["message", "log", "msg", "MESSAGE"],
  host: ["host", "hostname", "_HOSTNAME"],
  service: ["service", "ident", "program", "appname", "app", "SYSLOG_IDENTIFIER", "container_name", "logger"],
  severity: ["severity", "level", "priority", "PRIORITY"],
  facility: ["facility"],
  source: ["source"],
} as const;

type Map = { readonly [key: string]: unknown };

/** A record of Forward or of a line of JSON. `source`: where it is from, when it does not say so itself or may not. Pure. */
export function recordFromMap(
  map: Map,
  about: { readonly timeUs: number | null; readonly source: string; readonly mayNameSource: boolean },
  context: RecordContext,
): NewLogRecord {
  const fields = new FlatFields();
  const taken = new Set<string>();
  const message = take(map, names.message, taken);
  // An agent's host is known; what its record calls so is a field like others.
  const host = context.identity.hostId === null ? take(map, names.host, taken) : null;
  const service = take(map, names.service, taken);
  const source = about.mayNameSource ? take(map, names.source, taken) : null;
  const severityName = names.severity.find((name) => isText(map[name]));
  const severity = severityName === undefined ? null : readSeverity(textOf(map[severityName]) ?? "");
  if (severity !== null && severityName !== undefined) taken.add(severityName);
  const facility = facilities.find((known) => known === map.facility) ?? null;
  if (facility !== null) taken.add("facility");
  for (const name in map) if (!taken.has(name)) fields.add(name, map[name]);
  return finishRecord(
    {
      timeUs: about.timeUs,
      host,
      source: source ?? about.source,
      service: service ?? about.source,
      severity,
      facility,
      // What has no message is searched and shown by what it has.
      message: message ?? JSON.stringify(fields.values),
      fields,
    },
    context,
  );
}

function take(map: Map, candidates: readonly string[], taken: Set<string>): string | null {
  for (const name of candidates) {
    const text = textOf(map[name]);
    if (text === null) continue;
    taken.add(name);
    return text;
  }
  return null;
}

function isText(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number";
}

function textOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString("utf8") : null;
}
