import { type ByteString, joinBytes } from "../byte-string/index.ts";
import type { ArchiveSelection } from "../dump/archived-entry.ts";

/**
 * What to archive of some absolute paths (that of the root is empty): each once, none that is below another, and the folder that has all of them, which names
 * in the archive are relative to. Pure.
 */
export function archiveSelection(paths: readonly ByteString[]): ArchiveSelection {
  const kept: ByteString[] = [];
  // A path sorts before what is below it, though not always directly: "a", "a-b", "a/b".
  for (const path of [...new Set(paths)].sort()) {
    const isBelow = kept.some((above) => path.startsWith(`${above}/`));
    if (!isBelow) kept.push(path);
  }
  const [first = joinBytes("")] = kept;
  let base = parentOf(first);
  while (!kept.every((path) => path === "" || path.startsWith(`${base}/`))) base = parentOf(base);
  return { paths: kept, base };
}

function parentOf(path: ByteString): ByteString {
  return joinBytes(path.slice(0, Math.max(0, path.lastIndexOf("/"))));
}
