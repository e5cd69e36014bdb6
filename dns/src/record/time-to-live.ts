import { maximumTtl } from "./resource-record.ts";

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };
const form = /^(?:\d+[smhdw])*\d*$/i;

/** Seconds of `3600`, `1h` or `1h30m` (BIND's units); undefined where it is neither, or more than 2^31 - 1 (RFC 2181 §8). */
export function parseDuration(text: string): number | undefined {
  if (text === "" || !form.test(text) || !/^\d/.test(text)) return undefined;
  let seconds = 0;
  for (const [, digits = "", unit = "s"] of text.matchAll(/(\d+)([smhdw]?)/gi)) {
    seconds += Number(digits) * (unitSeconds[unit.toLowerCase() || "s"] ?? 1);
  }
  return seconds <= maximumTtl ? seconds : undefined;
}
