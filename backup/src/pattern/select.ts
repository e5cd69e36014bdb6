import { type ByteString, joinBytes } from "../byte-string/index.ts";
import { childMayMatchPattern, componentsOf, matchesPattern, type Pattern, parsePatterns } from "./pattern.ts";

/** Whether a list of patterns selects a path, and whether it may select something below it. */
export interface Selection {
  readonly isSelected: boolean;
  readonly childMayBeSelected: boolean;
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

/** Which paths a list of includes takes: `--include` and `--iinclude` of restic's restore. Throws InputError for malformed patterns. */
export function createInclude(lists: PatternLists): (path: ByteString) => Selection {
  const patterns = parsePatterns(lists.patterns);
  const folded = parsePatterns((lists.caseInsensitive ?? []).map(foldCase));
  return (path) => {
    const selection = select(patterns, path);
    if (folded.length === 0) return selection;
    const foldedSelection = select(folded, foldCase(path));
    return {
      isSelected: selection.isSelected || foldedSelection.isSelected,
      childMayBeSelected: selection.childMayBeSelected || foldedSelection.childMayBeSelected,
    };
  };
}

/** What patterns say of a path, in their order: each one that matches selects it, or with "!" takes that back. */
export function select(patterns: readonly Pattern[], path: ByteString): Selection {
  const components = componentsOf(path);
  let isSelected = false;
  let childMayBeSelected = false;
  for (const pattern of patterns) {
    const isMatch = matchesPattern(pattern, components);
    if (pattern.isNegated) {
      isSelected &&= !isMatch;
      childMayBeSelected &&= !isMatch;
    } else {
      isSelected ||= isMatch;
      childMayBeSelected ||= childMayMatchPattern(pattern, components);
    }
  }
  return { isSelected, childMayBeSelected };
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
