import type { LogFieldValue } from "@mycloud/protocol/log-record";
import type { LogMapping } from "@mycloud/protocol/log-source";
import { readSeverity } from "@mycloud/protocol/log-terms";
import type { ParsedLine } from "./parsed-line.ts";
import type { ReadFieldTime } from "./read-time.ts";

/** What programs usually call it, the likeliest first. */
const usualNames = {
  time: ["time", "timestamp", "@timestamp", "ts", "datetime", "date", "asctime"],
  severity: ["severity", "level", "lvl", "loglevel", "log.level", "levelname", "severity_text", "priority"],
  message: ["message", "msg", "log", "text"],
  service: ["service", "service.name", "app", "appname", "program", "application"],
} as const;
type Role = keyof typeof usualNames;
const roles: ReadonlyMap<string, Role> = new Map([
  ...usualNames.time.map((name) => [name, "time"] as const),
  ...usualNames.severity.map((name) => [name, "severity"] as const),
  ...usualNames.message.map((name) => [name, "message"] as const),
  ...usualNames.service.map((name) => [name, "service"] as const),
]);

/** Takes a record's own values out of what was parsed. What cannot be understood stays a field. */
export type MapFields = (parsed: ParsedLine, readAtUs: number) => void;

/** Makes what does so by a job's mapping. */
export function createFieldMapper(mapping: LogMapping, readTime: ReadFieldTime): MapFields {
  const named = {
    time: mapping.timeField,
    severity: mapping.severityField,
    message: mapping.messageField,
    service: mapping.serviceField,
  };
  const namedFields = new Set(Object.values(named).filter((name) => name !== null));
  return (parsed, readAtUs) => {
    if (parsed.error !== null) return;
    const { fields } = parsed;
    // One look at each field tells whether there is anything to be taken at all.
    let isAny = false;
    for (const name in fields) {
      if (!roles.has(name) && !namedFields.has(name)) continue;
      isAny = true;
      break;
    }
    if (!isAny) return;
    const taken: string[] = [];
    const take = (role: Role, isKnown: boolean, use: (value: LogFieldValue) => boolean) => {
      const own = named[role];
      if (own === null && isKnown) return;
      for (const name of own === null ? usualNames[role] : [own]) {
        const value = fields[name];
        if (value === undefined || taken.includes(name) || !use(value)) continue;
        taken.push(name);
        return;
      }
    };
    take("time", parsed.timeUs !== null, (value) => {
      parsed.timeUs = readTime(value, readAtUs);
      return parsed.timeUs !== null;
    });
    take("severity", parsed.severity !== null, (value) => {
      parsed.severity = readSeverity(String(value));
      return parsed.severity !== null;
    });
    take("message", parsed.message !== null, (value) => {
      parsed.message = String(value);
      return true;
    });
    take("service", parsed.service !== null, (value) => {
      parsed.service = String(value);
      return parsed.service !== "";
    });
    if (taken.length > 0) parsed.fields = without(fields, taken);
  };
}

/** A new object: one of which a property was deleted is slow for all that comes after. */
function without(
  fields: Readonly<Record<string, LogFieldValue>>,
  taken: readonly string[],
): Record<string, LogFieldValue> {
  const rest: Record<string, LogFieldValue> = {};
  for (const name in fields) {
    const value = fields[name];
    if (value !== undefined && !taken.includes(name)) rest[name] = value;
  }
  return rest;
}
