import type { SnmpSession } from "../../snmp/snmp-session.ts";
import { numberOf, type SnmpValue, textOf } from "../../snmp/snmp-value.ts";
import { standardNames } from "../../snmp/standard-names.ts";
import { walk, walkTable } from "../../snmp/walk.ts";

/** What a printer says of itself (RFC 2790, RFC 3805). */
export interface PrinterFigures {
  readonly name: string | null;
  readonly status: (typeof statuses)[number];
  /** What it detected, in words. */
  readonly errors: readonly PrinterError[];
  readonly supplies: readonly Supply[];
  /** Pages in its life; undefined where it does not count. */
  readonly pages: number | undefined;
  readonly display: readonly string[];
}

export type PrinterError = (typeof errorBits)[number];

/** Toner, ink, paper waste and so on. */
export interface Supply {
  readonly name: string;
  /** What is left of it, or, of a waste container, what room is left; null where the printer does not know. */
  readonly percentLeft: number | null;
}

const statuses = ["other", "unknown", "idle", "printing", "warming up"] as const;
/** hrPrinterDetectedErrorState, from its first bit on. */
const errorBits = [
  "low paper",
  "no paper",
  "low toner",
  "no toner",
  "door open",
  "jammed",
  "offline",
  "service requested",
  "input tray missing",
  "output tray missing",
  "marker supply missing",
  "output near full",
  "output full",
  "input tray empty",
  "overdue maintenance",
] as const;
const limits = { rows: 200, seconds: 10 };
const receptacle = 4;
const columns = {
  supplyClass: `${standardNames.prtMarkerSuppliesClass}`,
  description: `${standardNames.prtMarkerSuppliesDescription}`,
  maximum: `${standardNames.prtMarkerSuppliesMaxCapacity}`,
  level: `${standardNames.prtMarkerSuppliesLevel}`,
} as const;

/** Asks a printer; null when the device says nothing of one. */
export async function readPrinter(session: SnmpSession, signal: AbortSignal): Promise<PrinterFigures | null> {
  const first = async (name: string) => (await walk(session, `${standardNames[name]}`, signal, limits))[0]?.value;
  const status = await first("hrPrinterStatus");
  const detected = await first("hrPrinterDetectedErrorState");
  const table = await walkTable(session, Object.values(columns), signal, limits);
  const supplies = [...table].map(([index, row]) => toSupply(index, row));
  if (status === undefined && detected === undefined && supplies.length === 0) return null;
  const display = await walk(session, `${standardNames.prtConsoleDisplayBufferText}`, signal, limits);
  return {
    name: textOf(await first("prtGeneralPrinterName")),
    status: statuses[(numberOf(status) ?? 2) - 1] ?? "unknown",
    errors: detected?.kind === "octets" ? errorsIn(detected.value) : [],
    supplies,
    pages: numberOf(await first("prtMarkerLifeCount")),
    display: display.flatMap(({ value }) => textOf(value)?.trim() || []),
  };
}

/** The errors whose bits are set, the first bit being the highest of the first octet. Pure. */
export function errorsIn(octets: Buffer): PrinterError[] {
  return errorBits.filter((_, bit) => ((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

/** Pure. */
export function toSupply(index: string, row: ReadonlyMap<string, SnmpValue>): Supply {
  const name = (textOf(row.get(columns.description)) ?? "").trim() || `supply ${index}`;
  const level = numberOf(row.get(columns.level));
  const maximum = numberOf(row.get(columns.maximum));
  // Below 0: -1 without a limit, -2 unknown, -3 something is left (RFC 3805).
  if (level === undefined || maximum === undefined || level < 0 || maximum <= 0) return { name, percentLeft: null };
  const percent = Math.min(100, Math.round((level / maximum) * 100));
  return { name, percentLeft: numberOf(row.get(columns.supplyClass)) === receptacle ? 100 - percent : percent };
}
