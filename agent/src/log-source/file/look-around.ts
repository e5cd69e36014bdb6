import { basename, dirname } from "node:path";
import { setImmediate } from "node:timers/promises";
import { changeTimeOf, placesOf } from "./directory-stamp.ts";
import { type FoundPaths, findFiles } from "./find-files.ts";
import type { Following } from "./following.ts";
import type { Glob } from "./glob.ts";
import { isAt, locate } from "./locate.ts";
import { lookAt, lookUp } from "./look-at.ts";
import { originNames } from "./rotated-files.ts";

/** Remembers when directories changed last. */
export interface SeenDirectories {
  /** Whether something may have come or gone since the last call but one: what happens within the grain of the file system's clock is seen at the next. */
  hasChanged(directory: string): boolean;
}

/** Makes it. */
export function createSeenDirectories(): SeenDirectories {
  const seen = new Map<string, { readonly changedAt: bigint; readonly isSure: boolean }>();
  return {
    hasChanged(directory) {
      const changedAt = changeTimeOf(directory);
      const before = seen.get(directory);
      const isSame = before?.changedAt === changedAt;
      seen.set(directory, { changedAt, isSure: isSame });
      return !(isSame && before.isSure);
    },
  };
}

/** Finds new files, and followed ones that have grown, shrunk or gone. Returns the directories where more may come. */
export async function lookAround(
  following: Following,
  globs: readonly Glob[],
  seen: SeenDirectories,
): Promise<FoundPaths> {
  const found = await findFiles(
    globs,
    (path) => following.roots.contains(path),
    async () => {
      await setImmediate();
    },
  );
  let looked = 0;
  for (const path of found.paths) {
    if (following.signal.aborted) return found;
    if (++looked % 512 === 0) await setImmediate();
    if (following.isWanted(path)) lookAt(following, path, found.named.has(path));
  }
  for (const file of [...following.files.all()]) {
    if (file.standing !== "current") following.queue(file);
    else if (!found.paths.has(file.path)) locate(following, file);
  }
  // There may be the program by now.
  for (const { origin } of following.unreadable) following.unsettled.add(dirname(origin));
  following.unreadable.clear();
  for (const directory of found.directories) {
    // Each is asked, also behind the first that has changed.
    if (placesOf(following, directory).map(seen.hasChanged).includes(true)) following.unsettled.add(directory);
  }
  return found;
}

/** Looks at a path at which something has changed. Returns whether everything has to be looked at. */
export function lookAtChange(following: Following, path: string): boolean {
  if (following.isWanted(path)) {
    lookAt(following, path);
    return false;
  }
  const directory = dirname(path);
  const before = following.files.byPath(path);
  const stats = lookUp(path);
  const known = stats === undefined ? undefined : following.files.byKey(stats);
  if (before !== undefined && before !== known) locate(following, before);
  if (known !== undefined) {
    if (known.path === path) following.queue(known);
    else if (!isAt(known, known.path)) locate(following, known);
  } else if (originNames(basename(path)).some((name) => following.isWanted(`${directory}/${name}`))) {
    following.unsettled.add(directory);
  }
  return stats?.isDirectory() === true;
}
