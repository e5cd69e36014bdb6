import { type Stats, statSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import type { LogPosition } from "../line-batch.ts";
import { SOURCE_STREAM } from "./file-position.ts";
import { type FoundPaths, findFiles } from "./find-files.ts";
import type { Following } from "./following.ts";
import type { Glob } from "./glob.ts";
import { isAt, locate } from "./lose-place.ts";
import type { TailedFile } from "./tailed-file.ts";
import { type Beginning, beginningsOf, takeInFile } from "./take-in-file.ts";

/** So many positions are told at once. */
const POSITIONS_AT_ONCE = 500;

/** Finds new files, and followed ones that have grown, shrunk or gone. Returns the directories where more may come. */
export async function lookAround(
  following: Following,
  globs: readonly Glob[],
  beginningOf: (path: string) => Beginning,
): Promise<FoundPaths> {
  const found = await findFiles(
    globs,
    (path) => following.roots.contains(path),
    async () => {
      await setImmediate();
    },
  );
  const added: TailedFile[] = [];
  let looked = 0;
  for (const path of found.paths) {
    if (following.signal.aborted) return found;
    if (++looked % 512 === 0) await setImmediate();
    if (!following.isWanted(path)) continue;
    const file = lookAt(following, path, beginningOf(path), found.named.has(path));
    if (file !== null) added.push(file);
  }
  for (const file of [...following.files.all()]) {
    if (file.standing !== "current") following.queue(file);
    else if (!found.paths.has(file.path)) locate(following, file);
  }
  const positions = beginningsOf(added);
  for (let at = 0; at < positions.length; at += POSITIONS_AT_ONCE) {
    await following.emitPositions(positions.slice(at, at + POSITIONS_AT_ONCE));
  }
  return found;
}

/** Looks at one path that the source wants. Returns the file when it is one that was not followed before. */
function lookAt(following: Following, path: string, beginning: Beginning, isNamed: boolean): TailedFile | null {
  if (!following.roots.contains(path)) {
    if (isNamed) following.refuse(path, "is outside of the directories that this host's policy names");
    return null;
  }
  const stats = lookUp(path);
  const before = following.files.byPath(path);
  if (stats === undefined) {
    if (before !== undefined) locate(following, before);
    return null;
  }
  const known = following.files.byKey(stats);
  if (before !== undefined && before !== known) locate(following, before);
  if (known === undefined) return takeInFile(following, path, beginning, isNamed);
  if (known.path !== path && !isAt(known, known.path)) following.files.move(known, path);
  if (known.path === path) known.standing = "current";
  if (stats.size !== known.offset || known.held !== null) following.queue(known);
  known.size = stats.size;
  return null;
}

/** Looks at a path at which something has changed. Returns whether everything has to be looked at. */
export async function lookAtChange(following: Following, path: string): Promise<boolean> {
  if (following.isWanted(path)) {
    const file = lookAt(following, path, "beginning", false);
    if (file !== null) await following.emitPositions(beginningsOf([file]));
    return false;
  }
  const before = following.files.byPath(path);
  const stats = lookUp(path);
  const known = stats === undefined ? undefined : following.files.byKey(stats);
  if (before !== undefined && before !== known) locate(following, before);
  if (known !== undefined) {
    if (known.path === path) following.queue(known);
    else if (!isAt(known, known.path)) locate(following, known);
  }
  return stats?.isDirectory() === true;
}

/** A position that tells which files a source has looked for: files it would have known then came later, and are read whole. */
export function sourcePosition(paths: readonly string[]): { readonly stream: string; readonly position: LogPosition } {
  return { stream: SOURCE_STREAM, position: { paths: [...paths] } };
}

/** The globs of `sourcePosition`. */
export function readSourcePosition(position: LogPosition | undefined): string[] {
  if (typeof position !== "object" || position === null || Array.isArray(position)) return [];
  const { paths } = position;
  return Array.isArray(paths) ? paths.filter((path) => typeof path === "string") : [];
}

function lookUp(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // EACCES, ELOOP, ENAMETOOLONG: not to be looked at is not to be read.
    return undefined;
  }
}
