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
  const only = options.onlyPaths === undefined ? null : createOnly(options.onlyPaths);
  const { exceptPaths = [] } = options;
  const except = exceptPaths.length === 0 ? null : createOnly(exceptPaths);
  const base = cleanPath(joinBytes("/", options.subfolder ?? ""));
  const backedUp = options.snapshot.paths.map((path) => cleanPath(byteString(path)));
  return {
    of(path) {
      if (isExcluded(path)) return { isSelected: false, childMayBeSelected: false };
      if (except?.(path).isSelected === true) return nothing;
      const within = only === null ? everything : only(path);
      if (!hasIncludes || !within.childMayBeSelected) return within;
      const included = include(path);
      return {
        isSelected: within.isSelected && included.isSelected,
        childMayBeSelected: included.childMayBeSelected,
      };
    },
    isOnTheWay(path) {
      const absolute = cleanPath(joinBytes(base, "/", path));
      return !backedUp.some((root) => isAtOrBelow(absolute, root));
    },
  };
}

const everything: Selection = { isSelected: true, childMayBeSelected: true };
const nothing: Selection = { isSelected: false, childMayBeSelected: false };

/** These paths and what is below them; directories above them are the way there. */
function createOnly(paths: readonly ByteString[]): (path: ByteString) => Selection {
  const selected = new Set<string>(paths);
  const above = new Set<string>();
  for (const path of paths) for (const at of pathsAbove(path)) above.add(at);
  return (path) => {
    const isSelected = selected.has("/") || selected.has(path) || pathsAbove(path).some((at) => selected.has(at));
    return { isSelected, childMayBeSelected: isSelected || above.has(path) };
  };
}

function pathsAbove(path: string): string[] {
  const found: string[] = [];
  for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) found.push(path.slice(0, at));
  return found;
}

function isAtOrBelow(path: ByteString, root: ByteString): boolean {
  return root === "/" || path === root || path.startsWith(`${root}/`);
}
