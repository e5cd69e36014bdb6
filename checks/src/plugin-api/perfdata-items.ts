/** One `label=field;field;...` piece of perfdata text, before its fields are read. `raw` is the piece as it stood. */
export interface PerfdataItem {
  raw: string;
  /** Empty where the piece has no `label=`, or an empty one. */
  label: string;
  fields: string[];
}

/**
 * Cuts perfdata text at whitespace outside quoted labels, in time linear in the text.
 * A piece that is not `label=...` comes out with an empty label.
 */
export function* splitPerfdata(text: string): Generator<PerfdataItem> {
  let position = nextWord(text, 0);
  // Once a quote has no partner, no later one has: looking again would make a text full of quotes quadratic.
  let mayBeQuoted = true;
  while (position < text.length) {
    const start = position;
    const close = mayBeQuoted && text[start] === "'" ? closingQuote(text, start) : start;
    if (close === -1) mayBeQuoted = false;
    const end = endOfWord(text, Math.max(close, start));
    const raw = text.slice(start, end);
    yield close > start ? quotedItem(raw, close - start) : bareItem(raw);
    position = nextWord(text, end);
  }
}

/** A label in quotes ends at a quote followed by `=`; anything else after it is a plugin's mistake. */
function quotedItem(raw: string, close: number): PerfdataItem {
  if (raw[close + 1] !== "=") return { raw, label: "", fields: [] };
  return { raw, label: raw.slice(1, close).replaceAll("''", "'"), fields: raw.slice(close + 2).split(";") };
}

/** The label ends at the last `=` of the first field, because paths and URLs as labels hold `=` of their own. */
function bareItem(raw: string): PerfdataItem {
  const [head = "", ...fields] = raw.split(";");
  const equals = head.lastIndexOf("=");
  if (equals === -1) return { raw, label: "", fields: [] };
  return { raw, label: head.slice(0, equals), fields: [head.slice(equals + 1), ...fields] };
}

/** The index of the quote that closes the one at `open`, past doubled ones; -1 when there is none. */
function closingQuote(text: string, open: number): number {
  let quote = text.indexOf("'", open + 1);
  while (quote !== -1 && text[quote + 1] === "'") quote = text.indexOf("'", quote + 2);
  return quote;
}

function nextWord(text: string, from: number): number {
  return search(/\S/g, text, from);
}

function endOfWord(text: string, from: number): number {
  return search(/\s/g, text, from);
}

function search(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}
