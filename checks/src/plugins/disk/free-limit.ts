import type { OptionValues } from "../../plugin/option-values.ts";

/** The least that must be free: percent, or an amount in bytes. */
export interface FreeLimit {
  readonly amount: number;
  readonly isPercent: boolean;
}

/** The four limits of check_disk: space -w and -c, inodes -W and -K (percent only). */
export interface FreeLimits {
  readonly warning?: FreeLimit | undefined;
  readonly critical?: FreeLimit | undefined;
  readonly inodeWarning?: FreeLimit | undefined;
  readonly inodeCritical?: FreeLimit | undefined;
}

/** Used where no threshold is given at all. */
export const DEFAULT_LIMITS: FreeLimits = {
  warning: { amount: 10, isPercent: true },
  critical: { amount: 5, isPercent: true },
  inodeWarning: { amount: 10, isPercent: true },
  inodeCritical: { amount: 5, isPercent: true },
};

const KIB = 1024;
/** monitoring-plugins mean powers of 1024 by both spellings. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ["bytes", 1],
  ["kb", KIB],
  ["kib", KIB],
  ["mb", KIB ** 2],
  ["mib", KIB ** 2],
  ["gb", KIB ** 3],
  ["gib", KIB ** 3],
  ["tb", KIB ** 4],
  ["tib", KIB ** 4],
]);

/** Bytes in the unit that absolute thresholds are given in: -u, -k, -m; MB unless said otherwise. */
export function readUnit(options: OptionValues): number {
  if (options.isGiven("kilobytes")) return KIB;
  if (options.isGiven("megabytes")) return KIB ** 2;
  const text = options.text("units") ?? "MB";
  const unit = UNITS.get(text.toLowerCase());
  if (unit === undefined) throw options.refuse("units", text, "bytes, kB, MB, GB or TB");
  return unit;
}

/** Reads `20%`, or an amount in `unit` bytes. */
export function readFreeLimit(options: OptionValues, name: string, text: string, unit: number): FreeLimit {
  const isInodes = name === "iwarning" || name === "icritical";
  const isPercent = text.endsWith("%") || isInodes;
  const amount = options.numberIn(name, text.replace(/%$/, ""), { min: 0, ...(isPercent ? { max: 100 } : {}) });
  return { amount: isPercent ? amount : amount * unit, isPercent };
}

/** Whether what is free is at or below the limit, as check_disk judges (`@0:LIMIT`). */
export function isBelow(limit: FreeLimit | undefined, free: number, total: number): boolean {
  if (limit === undefined) return false;
  return limit.isPercent ? (free / total) * 100 <= limit.amount : free <= limit.amount;
}
