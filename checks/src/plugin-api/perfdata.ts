import { parseDecimal } from "./decimal.ts";
import { type PerfdataItem, splitPerfdata } from "./perfdata-items.ts";

/**
 * One measured value, `label=value[UOM];[warn];[crit];[min];[max]` (Monitoring Plugins guidelines, "Performance data").
 * `value` is null where the plugin printed `U`, unknown. `warn` and `crit` are kept as text: they are ranges for
 * `parseRange`, but some plugins print what is none (`80%`), which must not cost us the value.
 */
export interface Perfdatum {
  label: string;
  value: number | null;
  unit: string;
  warn?: string;
  crit?: string;
  min?: number;
  max?: number;
}

export interface ParsedPerfdata {
  perfdata: Perfdatum[];
  /** Pieces that are not perfdata, each cut to a readable length; at most `MAX_REJECTED`. */
  rejected: string[];
}

/** The most items taken from one result; real plugins stay far below (check_disk prints one per file system). */
export const MAX_PERFDATA = 1_000;
/** The most rejected pieces reported for one result. */
export const MAX_REJECTED = 20;
const MAX_LABEL_LENGTH = 255;
const MAX_THRESHOLD_LENGTH = 100;

/**
 * Reads perfdata text in every form real plugins print it: quoted labels (`'it''s'=1`), a bare `/`, dropped or empty
 * trailing fields, ranges as thresholds, `U`, a decimal comma, several lines. Takes time linear in the text and never
 * throws: what cannot be read is in `rejected`, and the items around it are kept.
 *
 *     parsePerfdata("time=0.1s;1;5 /=49258954752B;;;0")
 *     // perfdata: [{ label: "time", value: 0.1, unit: "s", warn: "1", crit: "5" },
 *     //            { label: "/", value: 49258954752, unit: "B", min: 0 }]
 */
export function parsePerfdata(text: string): ParsedPerfdata {
  const perfdata: Perfdatum[] = [];
  const rejected: string[] = [];
  for (const item of splitPerfdata(text)) {
    const perfdatum = perfdata.length < MAX_PERFDATA ? parseItem(item) : undefined;
    if (perfdatum !== undefined) perfdata.push(perfdatum);
    else if (rejected.length < MAX_REJECTED) rejected.push(shorten(item.raw));
    else if (perfdata.length >= MAX_PERFDATA) break;
  }
  return { perfdata, rejected };
}

function parseItem(item: PerfdataItem): Perfdatum | undefined {
  const [measured = "", warn = "", crit = "", min = "", max = ""] = item.fields;
  if (item.label === "" || item.label.length > MAX_LABEL_LENGTH) return undefined;
  const measurement = parseMeasurement(measured);
  if (measurement === undefined) return undefined;
  const perfdatum: Perfdatum = { label: item.label, ...measurement };
  if (warn !== "" && warn.length <= MAX_THRESHOLD_LENGTH) perfdatum.warn = warn;
  if (crit !== "" && crit.length <= MAX_THRESHOLD_LENGTH) perfdatum.crit = crit;
  // check_http repeats the unit on these two: `time=0.004s;;;0.000000;10.000000s`.
  const minimum = parseMeasurement(min)?.value;
  const maximum = parseMeasurement(max)?.value;
  if (typeof minimum === "number") perfdatum.min = minimum;
  if (typeof maximum === "number") perfdatum.max = maximum;
  return perfdatum;
}

// A unit holds no digit, so that "1.2.3" and "0x10" are refused rather than read as 1.2 and 0.
const MEASUREMENT = /^([+-]?[\d.,]+(?:[eE][+-]?\d+)?)([^\d\s;='".,+-]{0,16}),?$/;
// Besides the guidelines' U: an empty value (a ping that lost every packet) and what C prints for 0/0.
const UNKNOWN_VALUE = /^(?:U|[+-]?nan[^\d\s;='"]{0,16})?$/i;

function parseMeasurement(text: string): { value: number | null; unit: string } | undefined {
  if (UNKNOWN_VALUE.test(text)) return { value: null, unit: "" };
  const match = MEASUREMENT.exec(text);
  if (match === null) return undefined;
  const [, digits = "", unit = ""] = match;
  // Plugins that print in the user's locale write 0,5 for a half.
  const value = parseDecimal(digits.replace(/^([+-]?\d*),(\d+)/, "$1.$2").replace(/,$/, ""));
  return value === undefined ? undefined : { value, unit };
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}

/**
 * Writes perfdata as `parsePerfdata` reads it, items joined by one space and trailing empty fields dropped.
 * Line breaks in a label become spaces and separators in a threshold are left out: they would end the item.
 */
export function formatPerfdata(items: readonly Perfdatum[]): string {
  return items.map(formatItem).join(" ");
}

function formatItem(item: Perfdatum): string {
  const value = item.value === null ? "U" : `${item.value}${item.unit}`;
  const fields = [value, item.warn ?? "", item.crit ?? "", item.min ?? "", item.max ?? ""];
  const text = fields.map((field) => String(field).replace(/[\s;]/g, "")).join(";");
  return `${formatLabel(item.label)}=${text.replace(/;+$/, "")}`;
}

function formatLabel(label: string): string {
  const onOneLine = label.replace(/[\r\n]+/g, " ");
  return /[\s=';|]/.test(onOneLine) ? `'${onOneLine.replaceAll("'", "''")}'` : onOneLine;
}
