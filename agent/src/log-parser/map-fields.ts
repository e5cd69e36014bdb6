import { readSeverity } from "@mycloud/protocol/log-record";
import type { LogMapping } from "@mycloud/protocol/log-source";
import type { ParsedLine } from "./parsed-line.ts";
import type { ReadFieldTime } from "./read-time.ts";

/** What programs usually call it, the likeliest first. */
const usualNames = {
  time: ["time", "timestamp", "@timestamp", "ts", "datetime", "date", "asctime"],
  severity: ["severity", "level", "lvl", "loglevel", "log.level", "levelname", "severity_text", "priority"],
  message: ["message", "msg", "log", "text"],
  service: ["service", "service.name", "app", "appname", "program", "application"],
} as const;

/**
 * Takes a record's own values out of what was parsed. What cannot be
 * understood stays a field.
 */
export function mapFields(parsed: ParsedLine, mapping: LogMapping, readTime: ReadFieldTime, readAtUs: number): void {
  if (parsed.error !== null) return;
  take(parsed, mapping.timeField, usualNames.time, parsed.timeUs !== null, (value) => {
    parsed.timeUs = readTime(value, readAtUs);
    return parsed.timeUs !== null;
  });
  take(parsed, mapping.severityField, usualNames.severity, parsed.severity !== null, (value) => {
    parsed.severity = readSeverity(String(value));
    return parsed.severity !== null;
  });
  take(parsed, mapping.messageField, usualNames.message, parsed.message !== null, (value) => {
    parsed.message = String(value);
    return true;
  });
  take(parsed, mapping.serviceField, usualNames.service, parsed.service !== null, (value) => {
    parsed.service = String(value);
    return parsed.service !== "";
  });
}

function take(
  { fields }: ParsedLine,
  named: string | null,
  usual: readonly string[],
  isKnown: boolean,
  use: (value: string | number | boolean) => boolean,
): void {
  if (named === null && isKnown) return;
  for (const name of named === null ? usual : [named]) {
    const value = fields[name];
    if (value === undefined) continue;
    if (use(value)) {
      delete fields[name];
      return;
    }
  }
}
