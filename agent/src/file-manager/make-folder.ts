import { fchmodSync, fchownSync } from "node:fs";
import type { FileRequest, LiveEntry } from "@mycloud/protocol/agent-question";
import { conflict } from "./file-error.ts";
import { entryAt, type FileManager, openForChange } from "./file-manager.ts";
import { syncDirectory } from "./write-file.ts";

/** Makes a folder that belongs to the owner of the one it is in. Throws FileError when there is something of that name. */
export async function makeFolder(
  manager: FileManager,
  { path }: Extract<FileRequest, { kind: "make-folder" }>,
): Promise<LiveEntry> {
  using place = openForChange(manager, path);
  const { directory, name } = place;
  directory.makeDirectory(name);
  using made = directory.openDirectory(name);
  const { uid, gid, mode } = directory.statSelf();
  const stat = made.statSelf();
  const self = process.getuid?.() ?? 0;
  // Whoever owns the folder could have put another directory in its place, to be given what is not theirs.
  if (stat.uid !== self || (stat.mode & 0o777) !== 0o700 || made.readNames().length > 0) {
    throw conflict(`${path} was replaced by somebody else while it was made`);
  }
  if (self === 0 && (stat.uid !== uid || stat.gid !== gid)) fchownSync(made.fd, uid, gid);
  fchmodSync(made.fd, 0o755 | (mode & 0o2000));
  await syncDirectory(directory);
  return entryAt(manager, place);
}
