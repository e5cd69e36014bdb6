import { type ExpositionFault, FaultyExposition } from "./exposition-fault.ts";
import { FamilyCollection } from "./family-collection.ts";
import type { MetricFamily, MetricType } from "./metric-family.ts";
import { type LabelLimits, readLabels } from "./read-labels.ts";
import { readNumber } from "./read-number.ts";

/** What a text may be at most; lengths in characters. */
export interface ExpositionLimits extends LabelLimits {
  readonly maximumLength: number;
  readonly maximumSamples: number;
  readonly maximumNameLength: number;
}

export const defaultExpositionLimits: ExpositionLimits = {
  maximumLength: 8 * 1024 * 1024,
  maximumSamples: 50_000,
  maximumNameLength: 250,
  maximumLabels: 64,
  maximumLabelLength: 4_096,
};

export interface ParseExpositionOptions extends Partial<ExpositionLimits> {
  /** Whether lines of one family may stand apart. The format forbids it, node_exporter's textfile collector does not mind. */
  readonly mayInterleave?: boolean;
}

/** The families in the order of their first lines, or the first fault. */
export type ParsedExposition =
  | { readonly families: readonly MetricFamily[]; readonly fault: undefined }
  | { readonly families: undefined; readonly fault: ExpositionFault };

const types: ReadonlySet<string> = new Set<MetricType>(["counter", "gauge", "histogram", "summary", "untyped"]);
const metricName = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const comment = /^#[ \t]*(HELP|TYPE)(?:[ \t]+(.*))?$/s;

/**
 * Reads the text format 0.0.4 strictly: every line ends with a newline, a family's lines stand together below its type, no
 * series occurs twice. Families without samples are left out. Takes time linear in the text; never throws.
 */
export function parseExposition(text: string, options: ParseExpositionOptions = {}): ParsedExposition {
  try {
    return { families: read(text, options), fault: undefined };
  } catch (error) {
    if (error instanceof FaultyExposition) return { families: undefined, fault: error.fault };
    throw error;
  }
}

function read(text: string, options: ParseExpositionOptions): MetricFamily[] {
  const limits = { ...defaultExpositionLimits, ...options };
  if (text.length > limits.maximumLength) {
    throw new FaultyExposition(1, `${text.length} characters`, `at most ${limits.maximumLength}`);
  }
  const families = new FamilyCollection(options.mayInterleave === true);
  let line = 0;
  let samples = 0;
  for (let start = 0; start < text.length; ) {
    line++;
    const end = text.indexOf("\n", start);
    if (end === -1) throw new FaultyExposition(line, text.slice(start), "a newline at the end of the last line");
    const content = text.slice(start, end).replace(/^[ \t]+/, "");
    start = end + 1;
    if (content === "") continue;
    if (content.startsWith("#")) {
      readComment(content, line, families, limits);
      continue;
    }
    if (++samples > limits.maximumSamples) {
      throw new FaultyExposition(line, content, `at most ${limits.maximumSamples} samples`);
    }
    readSample(content, line, families, limits);
  }
  return families.list();
}

function readComment(content: string, line: number, families: FamilyCollection, limits: ExpositionLimits): void {
  const [isMeant, keyword, rest = ""] = comment.exec(content) ?? [];
  if (isMeant === undefined) return;
  const name = readName(rest, line, limits);
  const behind = rest.slice(name.length);
  const argument = behind.replace(/^[ \t]+/, "");
  if (behind === argument && behind !== "") throw new FaultyExposition(line, rest, "a blank behind the metric's name");
  if (keyword === "HELP") {
    families.setHelp(name, unescapeHelp(argument, line), line);
    return;
  }
  const [type = "", ...more] = wordsOf(argument);
  if (more.length > 0 || !isMetricType(type))
    throw new FaultyExposition(line, argument, `one of ${[...types].join(", ")}`);
  families.setType(name, type, line);
}

function readSample(content: string, line: number, families: FamilyCollection, limits: ExpositionLimits): void {
  const name = readName(content, line, limits);
  const blank = content.slice(name.length).search(/[^ \t]/);
  const open = blank === -1 ? content.length : name.length + blank;
  const hasLabels = content[open] === "{";
  if (!hasLabels && open === name.length) {
    throw new FaultyExposition(line, content.slice(open), '"{" or a blank behind the metric\'s name');
  }
  const { labels, end } = hasLabels ? readLabels(content, open + 1, line, limits) : { labels: {}, end: open };
  const [number = "", time, ...more] = wordsOf(content.slice(end));
  const value = readNumber(number);
  if (value === undefined) throw new FaultyExposition(line, number, "a number");
  if (more.length > 0) throw new FaultyExposition(line, content.slice(end), "a number and at most a time");
  if (time !== undefined && !/^-?\d{1,15}$/.test(time)) {
    throw new FaultyExposition(line, time, "a time in milliseconds since 1970");
  }
  families.add({ name, labels, value, ...(time === undefined ? {} : { atMs: Number(time) + 0 }) }, line);
}

function readName(text: string, line: number, limits: ExpositionLimits): string {
  metricName.lastIndex = 0;
  const name = metricName.exec(text)?.[0];
  if (name === undefined) throw new FaultyExposition(line, text, "the name of a metric");
  if (name.length <= limits.maximumNameLength) return name;
  throw new FaultyExposition(line, name, `a name of at most ${limits.maximumNameLength} characters`);
}

/** At most three words: nothing here has more. */
function wordsOf(text: string): string[] {
  return text
    .replace(/^[ \t]+/, "")
    .split(/[ \t]+/, 3)
    .filter((word) => word !== "");
}

function unescapeHelp(text: string, line: number): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\(.?)/gs, (sequence, letter: string) => {
    if (letter === "n") return "\n";
    if (letter === "\\") return letter;
    throw new FaultyExposition(line, sequence, "one of the escapes \\\\ and \\n");
  });
}

function isMetricType(text: string): text is MetricType {
  return types.has(text);
}
