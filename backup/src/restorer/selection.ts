import { type ByteString, byteString, joinBytes } from "../byte-string/index.ts";
import { cleanPath, createExclude, createInclude, type Selection } from "../pattern/index.ts";
import type { RestoreOptions } from "./restore-options.ts";

/** Which entries are restored, by their path below the subfolder that is restored (or the root). */
export interface RestoreSelection {
  of(path: ByteString): Selection;
  /**
   * Whether a directory lies above what was backed up (`/home` when `/home/ada` was): it is in the snapshot as the way there, not for
   * itself, so nothing is deleted from it, and where it exists it stays as it is.
   */
  isOnTheWay(path: ByteString): boolean;
}

/** The selection that these options describe. Throws InputError for malformed patterns. */
export function createSelection(options: Omit<RestoreOptions, "target">): RestoreSelection {
  const includes = (options.includes ?? []).map(byteString);
  const caseIgnoredIncludes = (options.caseIgnoredIncludes ?? []).map(byteString);
  const hasIncludes = includes.length > 0 || caseIgnoredIncludes.length > 0;
  const include = createInclude({ patterns: includes, caseInsensitive: caseIgnoredIncludes });
  const isExcluded = createExclude({
    patterns: (options.excludes ?? []).map(byteString),
    caseInsensitive: (options.caseIgnoredExcludes ?? []).map(byteString),
  });
  const base = cleanPath(joinBytes("/", options.subfolder ?? ""));
  const backedUp = options.snapshot.paths.map((path) => cleanPath(byteString(path)));
  return {
    of(path) {
      if (isExcluded(path)) return { isSelected: false, childMayBeSelected: false };
      return hasIncludes ? include(path) : { isSelected: true, childMayBeSelected: true };
    },
    isOnTheWay(path) {
      const absolute = cleanPath(joinBytes(base, "/", path));
      return !backedUp.some((root) => isAtOrBelow(absolute, root));
    },
  };
}

function isAtOrBelow(path: ByteString, root: ByteString): boolean {
  return root === "/" || path === root || path.startsWith(`${root}/`);
}
