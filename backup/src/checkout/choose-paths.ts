import { type ByteString, byteString, joinBytes } from "../byte-string/index.ts";
import { cleanPath } from "../pattern/index.ts";

/** What is brought back, and what of the request no part of the snapshot covers. */
export interface ChosenPaths {
  /** Absolute and clean, each once and none below another. */
  readonly paths: readonly ByteString[];
  readonly uncovered: readonly ByteString[];
}

/**
 * The paths that a request means in a snapshot of these roots: none means all roots, a path above roots means those below it. Pure.
 *
 *     choosePaths(["/home"], ["/etc", "/home"]); // {paths: ["/home"], uncovered: []}
 */
export function choosePaths(requested: readonly ByteString[], snapshotPaths: readonly string[]): ChosenPaths {
  const roots = snapshotPaths.map((path) => cleanPath(byteString(path)));
  const paths = new Set<ByteString>();
  const uncovered: ByteString[] = [];
  for (const path of requested.length === 0 ? roots : requested.map(cleanPath)) {
    if (roots.some((root) => isAtOrBelow(path, root))) paths.add(path);
    else {
      const below = roots.filter((root) => isAtOrBelow(root, path));
      if (below.length === 0) uncovered.push(path);
      for (const root of below) paths.add(root);
    }
  }
  const all = [...paths].sort();
  return { paths: all.filter((path) => !all.some((other) => other !== path && isAtOrBelow(path, other))), uncovered };
}

/** Whether a clean absolute path is this one or lies below it. Pure. */
export function isAtOrBelow(path: string, root: string): boolean {
  return root === "/" || path === root || path.startsWith(`${root}/`);
}

/** The directory and the name of a clean absolute path; null of `/`. Pure. */
export function splitPath(path: ByteString): { readonly parent: ByteString; readonly name: ByteString } | null {
  const slash = path.lastIndexOf("/");
  if (path === "/" || slash === -1) return null;
  return { parent: joinBytes(path.slice(0, slash)), name: joinBytes(path.slice(slash + 1)) };
}
