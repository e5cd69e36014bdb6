import { folded } from "./folder-page.ts";

/** Decides which entries a search is for. Names are given as they are shown, upper or lower case and all accents folded (`folded`). */
export interface NameSearch {
  /** `path` has the names from the root to the entry, its own last. */
  matches(path: readonly string[]): boolean;
  /** Whether anything below a folder can match. */
  mayBeBelow(path: readonly string[]): boolean;
}

/**
 * What a person looks for: part of a name, or with `*` or `?` a whole name; with a slash part of a path, or with `*` or `?` the end of one, all of it when it begins
 * with a slash. `**` is any number of folders. Pure.
 */
export function createNameSearch(pattern: string): NameSearch {
  const wanted = folded(pattern);
  const hasWildcards = /[*?]/.test(wanted);
  const everywhere = () => true;
  if (!wanted.includes("/")) {
    const matchesName = hasWildcards ? globOf(wanted) : (name: string) => name.includes(wanted);
    return { matches: (path) => matchesName(path.at(-1) ?? ""), mayBeBelow: everywhere };
  }
  if (!hasWildcards) {
    return { matches: (path) => `/${path.join("/")}`.includes(wanted), mayBeBelow: everywhere };
  }
  const isRooted = wanted.startsWith("/");
  const names = wanted.split("/").filter((name) => name !== "");
  const parts: readonly PathPart[] = names.map((name) => (name === "**" ? null : globOf(name)));
  const all = isRooted ? parts : [null, ...parts];
  const firstAny = all.indexOf(null);
  const fixed = firstAny === -1 ? all : all.slice(0, firstAny);
  return {
    matches: (path) => matchesParts(all, path),
    mayBeBelow: (path) =>
      (firstAny !== -1 || path.length < all.length) &&
      path.slice(0, fixed.length).every((name, at) => fixed[at]?.(name) === true),
  };
}

/** Null: any number of folders. */
type PathPart = ((name: string) => boolean) | null;

/** Whether `*` (any text) and `?` (one character) make the pattern the text. Takes no more than the product of both lengths. */
function globOf(pattern: string): (text: string) => boolean {
  const characters = [...pattern];
  const parts: readonly (string | null)[] = characters.map((character) => (character === "*" ? null : character));
  return (text) => matchesSequence(parts, [...text], (part, character) => part === "?" || part === character);
}

function matchesParts(parts: readonly PathPart[], path: readonly string[]): boolean {
  return matchesSequence(parts, path, (part, name) => part(name));
}

/** Whether the parts fit the items one by one, null standing for any number of them. Going back to the last null alone is enough. */
function matchesSequence<Part, Item>(
  parts: readonly (Part | null)[],
  items: readonly Item[],
  fits: (part: Part, item: Item) => boolean,
): boolean {
  let part = 0;
  let lastAny = -1;
  let afterAny = 0;
  for (let item = 0; item < items.length; ) {
    const wanted = part < parts.length ? parts[part] : undefined;
    const value = items[item];
    if (wanted === null) {
      lastAny = part++;
      afterAny = item;
    } else if (wanted !== undefined && value !== undefined && fits(wanted, value)) {
      part++;
      item++;
    } else if (lastAny !== -1) {
      part = lastAny + 1;
      item = ++afterAny;
    } else return false;
  }
  while (part < parts.length && parts[part] === null) part++;
  return part === parts.length;
}
