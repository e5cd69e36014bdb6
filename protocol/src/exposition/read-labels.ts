import { FaultyExposition } from "./exposition-fault.ts";
import type { MetricLabels } from "./metric-family.ts";

/** Labels as they were read, and where the text goes on behind them. */
export interface ReadLabels {
  readonly labels: MetricLabels;
  readonly end: number;
}

/** How many labels a sample may have, and how long a value may be. */
export interface LabelLimits {
  readonly maximumLabels: number;
  readonly maximumLabelLength: number;
}

const labelName = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const equals = /[ \t]*=[ \t]*"/y;
const separator = /[ \t]*([,}])[ \t]*/y;
const blanks = /[ \t]*/y;

/** Reads `a="b",c="d"}` from `start`, just behind the brace. Throws FaultyExposition. */
export function readLabels(text: string, start: number, line: number, limits: LabelLimits): ReadLabels {
  const labels: Record<string, string> = {};
  let count = 0;
  let position = skip(blanks, text, start);
  while (text[position] !== "}") {
    const name = match(labelName, text, position)?.[0];
    if (name === undefined) throw new FaultyExposition(line, text.slice(position), 'a label name or "}"');
    if (name.startsWith("__")) throw new FaultyExposition(line, name, 'a label name that does not begin with "__"');
    if (Object.hasOwn(labels, name)) throw new FaultyExposition(line, name, "each label once");
    if (++count > limits.maximumLabels) {
      throw new FaultyExposition(line, name, `at most ${limits.maximumLabels} labels`);
    }
    position += name.length;
    const opening = match(equals, text, position)?.[0];
    if (opening === undefined) throw new FaultyExposition(line, text.slice(position), `=" behind the label ${name}`);
    position += opening.length;
    const close = closingQuote(text, position, line);
    if (close - position > limits.maximumLabelLength) {
      throw new FaultyExposition(line, text.slice(position), `a label value of at most ${limits.maximumLabelLength}`);
    }
    labels[name] = plainValue(text.slice(position, close), line);
    const next = match(separator, text, close + 1);
    if (next === undefined) throw new FaultyExposition(line, text.slice(close + 1), '"," or "}" behind a label');
    position = close + 1 + next[0].length;
    if (next[1] === "}") return { labels, end: position };
  }
  return { labels, end: position + 1 };
}

/** The quote that ends the value, past escaped ones. */
function closingQuote(text: string, start: number, line: number): number {
  let position = start;
  for (;;) {
    const quote = text.indexOf('"', position);
    if (quote === -1) throw new FaultyExposition(line, text.slice(start), 'a label value that ends with "');
    // Escapes are stepped over pairwise from the left: "\\" before a quote escapes a backslash, not the quote.
    let backslash = text.indexOf("\\", position);
    if (backslash === -1 || backslash > quote) return quote;
    while (backslash !== -1 && backslash < quote) {
      position = backslash + 2;
      backslash = text.indexOf("\\", position);
    }
    if (position <= quote) return quote;
  }
}

/** Undoes the escapes of label values (`\\`, `\"`, `\n`). Throws FaultyExposition at any other. */
function plainValue(text: string, line: number): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\(.?)/gs, (sequence, letter: string) => {
    if (letter === "n") return "\n";
    if (letter === "\\" || letter === '"') return letter;
    throw new FaultyExposition(line, sequence, 'one of the escapes \\\\, \\" and \\n');
  });
}

function match(pattern: RegExp, text: string, position: number): RegExpExecArray | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text) ?? undefined;
}

function skip(pattern: RegExp, text: string, position: number): number {
  return position + (match(pattern, text, position)?.[0].length ?? 0);
}
