import type { FileRequest, LiveEntry } from "@mycloud/protocol/agent-question";
import { conflict, refused } from "./file-error.ts";
import { entryAt, type FileManager, openForChange, refuseUnmovable } from "./file-manager.ts";
import { uploadName } from "./live-entry.ts";
import { moveToNew, syncDirectory } from "./write-file.ts";

/** Renames or moves a file, a link or a folder to where nothing is. Throws FileError and what the system says. */
export async function renameEntry(
  manager: FileManager,
  { path, to }: Extract<FileRequest, { kind: "rename" }>,
): Promise<LiveEntry> {
  using from = openForChange(manager, path);
  using target = openForChange(manager, to);
  const stat = from.directory.stat(from.name);
  refuseUnmovable(manager, from, stat);
  if (target.isRoot || uploadName.test(target.name)) throw refused(`nothing can be moved to ${to}`);
  if (target.directory.statIfExists(target.name) !== null) throw conflict(`there is a ${to} already`);
  // A folder takes the place of nothing but an empty one; a file would of another file, so it goes another way.
  if (stat.type === "dir") from.directory.rename(from.name, target.directory, target.name);
  else moveToNew(from.directory, from.name, target.directory, target.name);
  await syncDirectory(target.directory);
  await syncDirectory(from.directory);
  return entryAt(manager, target);
}
