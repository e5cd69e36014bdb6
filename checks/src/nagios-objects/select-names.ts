import type { ReadingOptions } from "./configuration.ts";
import { listOf } from "./nagios-object.ts";

/** What names may stand for. */
export interface NameUniverse {
  readonly names: ReadonlySet<string>;
}

/** Names a list takes in and those it takes out (`!name`), and entries that mean nothing. */
export interface Selection {
  readonly taken: readonly string[];
  readonly refused: ReadonlySet<string>;
  readonly unknown: readonly string[];
}

/** Reads `a,b,!c`, `*` and, where that is on, regular expressions, against the names there are. Pure. */
export function selectNames(text: string | undefined, names: ReadonlySet<string>, options: ReadingOptions): Selection {
  const taken = new Set<string>();
  const refused = new Set<string>();
  const unknown: string[] = [];
  for (const entry of listOf(text)) {
    const isRefusal = entry.startsWith("!");
    const name = isRefusal ? entry.slice(1).trim() : entry;
    const into = isRefusal ? refused : taken;
    const found = namesMatching(name, names, options);
    if (found === null) unknown.push(name);
    else for (const one of found) into.add(one);
  }
  return { taken: [...taken], refused, unknown };
}

/** The names an entry stands for, or null when there is no such name. An expression that matches nothing is an empty list. Pure. */
export function namesMatching(
  entry: string,
  names: ReadonlySet<string>,
  options: ReadingOptions,
): Iterable<string> | null {
  if (names.has(entry)) return [entry];
  if (entry === "*") return names;
  const expression = regexOf(entry, options);
  if (expression === null) return null;
  return [...names].filter((name) => expression.test(name));
}

function regexOf(entry: string, { hasRegexMatching, hasTrueRegexMatching }: ReadingOptions): RegExp | null {
  if (!hasRegexMatching) return null;
  if (!hasTrueRegexMatching && !/[*?+]|\\\./.test(entry)) return null;
  if (entry.length > 500) return null;
  try {
    return new RegExp(entry);
  } catch {
    return null;
  }
}
