import { type ByteString, joinBytes } from "../byte-string/index.ts";
import { childMayMatchPattern, componentsOf, matchesPattern, type Pattern, parsePatterns } from "./pattern.ts";

/** Whether a list of patterns selects a path, and whether it may select something below it. */
export interface Selection {
  readonly isSelected: boolean;
  readonly childMayBeSelected: boolean;
}

/** A list's word on a path, and which of its patterns had the last one: it selected the path, or took it back. */
interface DecidedSelection extends Selection {
  readonly decidedBy: Pattern | null;
}

/** Whether a path is left out, and the pattern that leaves it out, or took it back when it is not; null when none has anything to say. */
export interface ExcludeVerdict {
  readonly isExcluded: boolean;
  readonly decidedBy: { readonly list: keyof PatternLists; readonly position: number } | null;
}

/** Patterns of two lists: the second one is matched without regard to case. */
export interface PatternLists {
  readonly patterns: readonly ByteString[];
  readonly caseInsensitive?: readonly ByteString[];
}

/**
 * Which paths a list of excludes leaves out: `--exclude` and `--iexclude` of restic. What is below a path left out is not asked for: so a
 * "!" brings back only what lies in directories that are taken themselves. Paths are absolute (or relative) and clean. Throws InputError
 * for malformed patterns.
 *
 *     const isExcluded = createExclude({ patterns: [byteString("*.o"), byteString("!keep.o")] });
 *     isExcluded(byteString("/src/a.o")); // true
 */
export function createExclude(lists: PatternLists): (path: ByteString) => boolean {
  const patterns = parsePatterns(lists.patterns);
  const folded = parsePatterns((lists.caseInsensitive ?? []).map(foldCase));
  return (path) =>
    (patterns.length > 0 && select(patterns, path).isSelected) ||
    (folded.length > 0 && select(folded, foldCase(path)).isSelected);
}

/**
 * As `createExclude`, with the reason: the first pattern that leaves a path out, of those behind the last that took it back; the patterns before
 * those without regard to case. Throws InputError for malformed patterns.
 */
export function createExcludeJudge(lists: PatternLists): (path: ByteString) => ExcludeVerdict {
  const patterns = parsePatterns(lists.patterns);
  const folded = parsePatterns((lists.caseInsensitive ?? []).map(foldCase));
  return (path) => {
    const plain = select(patterns, path);
    const other = plain.isSelected || folded.length === 0 ? null : select(folded, foldCase(path));
    const isByOther = other !== null && (other.isSelected || plain.decidedBy === null);
    const { isSelected, decidedBy } = isByOther ? other : plain;
    const list = isByOther ? "caseInsensitive" : "patterns";
    return {
      isExcluded: isSelected,
      decidedBy: decidedBy === null ? null : { list, position: decidedBy.position },
    };
  };
}

/** Which paths a list of includes takes: `--include` and `--iinclude` of restic's restore. Throws InputError for malformed patterns. */
export function createInclude(lists: PatternLists): (path: ByteString) => Selection {
  const patterns = parsePatterns(lists.patterns);
  const folded = parsePatterns((lists.caseInsensitive ?? []).map(foldCase));
  return (path) => {
    const { isSelected, childMayBeSelected } = select(patterns, path);
    if (folded.length === 0) return { isSelected, childMayBeSelected };
    const foldedSelection = select(folded, foldCase(path));
    return {
      isSelected: isSelected || foldedSelection.isSelected,
      childMayBeSelected: childMayBeSelected || foldedSelection.childMayBeSelected,
    };
  };
}

/** What patterns say of a path, in their order: each one that matches selects it, or with "!" takes that back. */
export function select(patterns: readonly Pattern[], path: ByteString): DecidedSelection {
  const components = componentsOf(path);
  let isSelected = false;
  let childMayBeSelected = false;
  let decidedBy: Pattern | null = null;
  for (const pattern of patterns) {
    const isMatch = matchesPattern(pattern, components);
    if (isMatch && isSelected === pattern.isNegated) decidedBy = pattern;
    if (pattern.isNegated) {
      isSelected &&= !isMatch;
      childMayBeSelected &&= !isMatch;
    } else {
      isSelected ||= isMatch;
      childMayBeSelected ||= childMayMatchPattern(pattern, components);
    }
  }
  return { isSelected, childMayBeSelected, decidedBy };
}

const character = /[A-Z]+|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}/g;

/** Letters of UTF-8 in lower case; bytes that are no UTF-8 as they are. */
export function foldCase(path: ByteString): ByteString {
  return joinBytes(
    path.replace(character, (bytes) => {
      const text = Buffer.from(bytes, "latin1").toString("utf8");
      return text.includes("\ufffd") ? bytes : Buffer.from(text.toLowerCase(), "utf8").toString("latin1");
    }),
  );
}
