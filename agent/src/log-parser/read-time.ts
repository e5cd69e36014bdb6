import type { LogFieldValue } from "@mycloud/protocol/log-record";
import type { LogMapping } from "@mycloud/protocol/log-source";
import { readBsdTime, readIsoTime } from "@mycloud/protocol/syslog";
import { createAccessTimeReader } from "./access-time.ts";
import { compileTimeFormat } from "./time-format.ts";

/** Reads a field's value as a time, in microseconds since 1970; null for what is none. */
export type ReadFieldTime = (value: LogFieldValue, readAtUs: number) => number | null;

/** Digits of seconds, milliseconds, microseconds, nanoseconds from 1973 to 2286, by where the seconds end. */
const unixUnits = [
  { below: 1e11, toUs: 1e6 },
  { below: 1e14, toUs: 1e3 },
  { below: 1e17, toUs: 1 },
  { below: 1e20, toUs: 1e-3 },
] as const;

/** Makes the reader of a mapping's time format; without one it tells ISO 8601, Unix time in any unit, syslog's and access logs' times by their look. Throws RangeError for a wrong format. */
export function createTimeReader(
  format: LogMapping["timeFormat"],
  toUtcMs: (localMs: number) => number,
): ReadFieldTime {
  const iso = (text: string) => readIsoTime(text.trim(), toUtcMs);
  switch (format) {
    case null:
      break;
    case "iso8601":
      return (value) => iso(String(value));
    case "unix":
      return (value) => scaled(value, 1e6);
    case "unix-ms":
      return (value) => scaled(value, 1e3);
    default: {
      const read = compileTimeFormat(format, toUtcMs);
      return (value, readAtUs) => read(String(value), readAtUs);
    }
  }
  const access = createAccessTimeReader();
  return (value, readAtUs) => {
    const text = String(value);
    if (typeof value === "number" || isCount(text)) return guessUnit(value);
    return (
      iso(text) ??
      access(text, readAtUs) ??
      readBsdTime(text, { receivedAtMs: readAtUs / 1000, toUtcMs })?.timeUs ??
      null
    );
  };
}

function isCount(text: string): boolean {
  // What has a dash or a slash among its first characters is a date.
  const fifth = text.charCodeAt(4);
  return fifth >= 0x30 && fifth <= 0x39 && /^\d{9,20}(?:\.\d{1,9})?$/.test(text);
}

function guessUnit(value: LogFieldValue): number | null {
  const number = Number(value);
  if (!(number >= 1e8)) return null;
  const unit = unixUnits.find(({ below }) => number < below);
  return unit === undefined ? null : scaled(value, unit.toUs);
}

function scaled(value: LogFieldValue, toUs: number): number | null {
  const us = Math.round(Number(value) * toUs);
  return Number.isSafeInteger(us) && typeof value !== "boolean" && value !== "" ? us : null;
}
