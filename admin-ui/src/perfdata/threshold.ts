/** A span of values that raises an alert; -Infinity and Infinity where it is open. */
export interface AlertZone {
  readonly from: number;
  readonly to: number;
}

function parseBound(text: string, whenOpen: number): number | null {
  if (text === "~") return whenOpen;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return null;
  return Number(text);
}

/**
 * Turns a Nagios range (`10`, `5:`, `~:10`, `5:10`, `@5:10`) into the zones that alert, for drawing. A range that does not parse has no
 * zones: the plugin has already said what it thinks of it.
 */
export function alertZones(range: string | null): AlertZone[] {
  const text = range?.trim() ?? "";
  if (text === "") return [];
  const isInverted = text.startsWith("@");
  const body = isInverted ? text.slice(1) : text;
  const colonAt = body.indexOf(":");
  const startText = colonAt < 0 ? "" : body.slice(0, colonAt);
  const endText = colonAt < 0 ? body : body.slice(colonAt + 1);
  const start = startText === "" ? 0 : parseBound(startText, -Infinity);
  const end = endText === "" ? Infinity : parseBound(endText, Infinity);
  if (start === null || end === null || start > end || endText === "~") return [];
  if (isInverted) return [{ from: start, to: end }];
  const zones: AlertZone[] = [];
  if (start > -Infinity) zones.push({ from: -Infinity, to: start });
  if (end < Infinity) zones.push({ from: end, to: Infinity });
  return zones;
}

/** The values at which an alert begins or ends: where a chart draws its lines. Sorted, without repeats. */
export function zoneEdges(zones: readonly AlertZone[]): number[] {
  const edges = zones.flatMap((zone) => [zone.from, zone.to]).filter(Number.isFinite);
  return [...new Set(edges)].sort((a, b) => a - b);
}

/** The edges of a range that people think of: of a plain `10` that is 10, not the zero below which it alerts as well. Sorted. */
export function toldEdges(range: string | null): number[] {
  return zoneEdges(toldZones(range));
}

/** Says in words which values a Nagios range alerts on: `above 40 GiB`, `below 10% or above 90%`. Null without a range. */
export function rangeText(range: string | null, write: (value: number) => string): string | null {
  if (range === null || range.trim() === "") return null;
  const told = toldZones(range);
  // A range nobody can read is shown as the plugin wrote it.
  return told.length === 0 ? range : told.map((zone) => zoneText(zone, write)).join(" or ");
}

function toldZones(range: string | null): AlertZone[] {
  const zones = alertZones(range);
  // "Above 10" is what a plain `10` means to people; that it also alerts below zero matters to hardly any measured value.
  const isPlain = range !== null && !range.includes(":") && !range.trim().startsWith("@");
  return isPlain ? zones.filter((zone) => zone.to === Infinity) : zones;
}

function zoneText({ from, to }: AlertZone, write: (value: number) => string): string {
  if (from === -Infinity && to === Infinity) return "any value";
  if (from === -Infinity) return `below ${write(to)}`;
  if (to === Infinity) return `above ${write(from)}`;
  if (from === to) return `exactly ${write(from)}`;
  return `${write(from)} to ${write(to)}`;
}
