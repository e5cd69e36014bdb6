import { setImmediate as turn } from "node:timers/promises";
import { type ByteString, displayText } from "@mycloud/backup/byte-string";
import type { Directory } from "@mycloud/backup/filesystem";
import type { FileRequest } from "@mycloud/protocol/agent-question";
import { conflict, refused } from "./file-error.ts";
import { type FileManager, openForChange, refuseUnmovable } from "./file-manager.ts";
import { below, type ManagedRoot } from "./managed-place.ts";
import { openManaged } from "./open-place.ts";
import { syncDirectory } from "./write-file.ts";

/** So many directories are open at a time at most. */
const maximumDepth = 500;
const entriesPerTurn = 200;

/**
 * Deletes a file, a link or a folder; one with something in it only when asked to. What is left out of the backup, below it, could not be had back: then
 * nothing is deleted. Throws FileError and what the system says.
 */
export async function deleteEntry(
  manager: FileManager,
  { path, isRecursive }: Extract<FileRequest, { kind: "delete" }>,
  signal: AbortSignal,
): Promise<void> {
  using place = openForChange(manager, path);
  const { directory, name } = place;
  const stat = directory.stat(name);
  refuseUnmovable(manager, place, stat);
  if (stat.type !== "dir") directory.remove(name);
  else if (!isRecursive) {
    using folder = openManaged(directory, name, place.place.root.job, manager.own);
    if (folder.readNames().length > 0) throw conflict(`${path} is not empty; delete it with all that is in it`);
    directory.removeDirectory(name);
  } else {
    const walk: Walk = { manager, root: place.place.root, deviceId: directory.statSelf().deviceId, signal, seen: 0 };
    await visit(walk, directory, name, place.place.path, 0, false);
    await visit(walk, directory, name, place.place.path, 0, true);
  }
  await syncDirectory(directory);
}

interface Walk {
  readonly manager: FileManager;
  readonly root: ManagedRoot;
  readonly deviceId: bigint;
  readonly signal: AbortSignal;
  seen: number;
}

/** Looks at a folder with all that is below it, and the second time removes it. */
async function visit(
  walk: Walk,
  parent: Directory,
  name: ByteString,
  path: ByteString,
  depth: number,
  isRemoved: boolean,
): Promise<void> {
  const { manager, root, signal } = walk;
  const words = displayText(path);
  if (depth > maximumDepth) throw conflict(`${words} is nested too deep to be deleted from here`);
  using folder = openManaged(parent, name, root.job, manager.own);
  if (folder.statSelf().deviceId !== walk.deviceId) throw conflict(`another file system is mounted at ${words}`);
  for (const inner of folder.readNames()) {
    if (++walk.seen % entriesPerTurn === 0) await turn();
    signal.throwIfAborted();
    const innerPath = below(path, inner);
    if (root.isExcluded(innerPath)) {
      throw refused(
        `${displayText(innerPath)} is left out of the backup and could not be had back; nothing was deleted`,
      );
    }
    const stat = folder.statIfExists(inner);
    if (stat === null) continue;
    if (manager.own.isAbove(stat)) throw refused(`${displayText(innerPath)} belongs to the agent itself`);
    if (stat.type === "dir") await visit(walk, folder, inner, innerPath, depth + 1, isRemoved);
    else if (stat.type !== "file" && stat.type !== "symlink") {
      throw refused(`${displayText(innerPath)} is neither a file nor a folder; nothing was deleted`);
    } else if (isRemoved) folder.remove(inner);
  }
  if (isRemoved) parent.removeDirectory(name);
}
