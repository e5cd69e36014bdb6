/** One item of a plugin's perfdata, thresholds still as the plugin wrote them. */
export interface PerfdataItem {
  readonly label: string;
  readonly value: number | null;
  readonly unit: string;
  readonly warn: string | null;
  readonly crit: string | null;
}

const item = /(?:'((?:[^']|'')+)'|([^\s=']+))=([^\s;]*)((?:;[^\s;]*)*)/g;
const quantity = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(.*)$/i;

/** Reads perfdata for showing (`'label'=value[unit];warn;crit;min;max ...`). What cannot be read is left out. */
export function parsePerfdata(text: string): PerfdataItem[] {
  const items: PerfdataItem[] = [];
  for (const [, quoted, bare, valueText = "", rest = ""] of text.matchAll(item)) {
    const label = quoted?.replaceAll("''", "'") ?? bare ?? "";
    const [, warn, crit] = rest.split(";");
    const match = quantity.exec(valueText);
    if (!match && valueText !== "U") continue;
    items.push({
      label,
      value: match ? Number(match[1]) : null,
      unit: match?.[2] ?? "",
      warn: warn || null,
      crit: crit || null,
    });
  }
  return items;
}
