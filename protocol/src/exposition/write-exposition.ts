import type { MetricFamily, MetricLabels, MetricSample } from "./metric-family.ts";

/** Content-Type of what writeExposition writes. */
export const expositionContentType = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Writes families in the text format 0.0.4. Families without samples are left out. Names are written as they are: the caller
 * vouches that they are valid and that no series occurs twice.
 */
export function writeExposition(families: Iterable<MetricFamily>): string {
  let text = "";
  for (const family of families) text += writeFamily(family);
  return text;
}

/** One family's lines; "" when it has no samples. */
export function writeFamily({ name, help, type, samples }: MetricFamily): string {
  if (samples.length === 0) return "";
  let text = help === "" ? "" : `# HELP ${name} ${escapeHelp(help)}\n`;
  text += `# TYPE ${name} ${type}\n`;
  for (const sample of samples) text += writeSample(sample);
  return text;
}

function writeSample({ name, labels, value, atMs }: MetricSample): string {
  const line = `${name}${writeLabels(labels)} ${writeNumber(value)}`;
  return atMs === undefined ? `${line}\n` : `${line} ${Math.round(atMs)}\n`;
}

/** `{a="b",c="d"}`, or nothing without labels. */
export function writeLabels(labels: MetricLabels): string {
  let text = "";
  for (const name in labels) text += `${text === "" ? "{" : ","}${name}="${escapeLabelValue(labels[name] ?? "")}"`;
  return text === "" ? "" : `${text}}`;
}

/** As Go's ParseFloat reads it. */
export function writeNumber(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}

const inLabels = /[\\"\n]/;

function escapeLabelValue(text: string): string {
  if (!inLabels.test(text)) return text;
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
