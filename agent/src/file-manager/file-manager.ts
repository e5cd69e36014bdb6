import { type ByteString, displayText } from "@mycloud/backup/byte-string";
import type { AccountNames, FileStat } from "@mycloud/backup/filesystem";
import type { LiveEntry } from "@mycloud/protocol/agent-question";
import { conflict, FileError, refused } from "./file-error.ts";
import type { FileRules } from "./file-rules.ts";
import { liveEntry, mayChange } from "./live-entry.ts";
import { type ManagedRoot, managedPlace } from "./managed-place.ts";
import { type OpenPlace, type OwnDirectories, openPlace } from "./open-place.ts";

/** What every operation needs. */
export interface FileManager {
  readonly rules: FileRules;
  readonly roots: readonly ManagedRoot[];
  readonly own: OwnDirectories;
  readonly accounts: AccountNames;
  /** 16 hexadecimal digits. */
  readonly newUploadId: () => string;
  readonly now: () => number;
}

/** Walks to a path of a request. Throws FileError. */
export function openPath({ roots, own }: FileManager, path: string): OpenPlace {
  return openPlace(managedPlace(path, roots), own);
}

/** As `openPath`, where something is to be changed. Throws FileError when it may not be. */
export function openForChange(manager: FileManager, path: string): OpenPlace {
  if (!manager.rules.mayChange) throw refused("this machine's policy lets files be read from here, and not changed");
  const place = openPath(manager, path);
  if (mayChange(manager, place)) return place;
  place[Symbol.dispose]();
  throw refused(`${path} is the system's; it is changed from here only if this machine's policy names it in fileRoots`);
}

/** The entry at a place, as it is told. Throws ENOENT. */
export function entryAt(manager: FileManager, place: OpenPlace): LiveEntry {
  const { directory, name } = place;
  const stat = directory.stat(name);
  const linkTarget = stat.type === "symlink" ? directory.readLink(name) : null;
  return liveEntry(manager, place.place, stat, { linkTarget, isWritable: mayChange(manager, place) });
}

/** Refuses to move or remove what others stand on: a root, what the agent lives in, what is neither file, folder nor link. */
export function refuseUnmovable({ own }: FileManager, { place, isRoot }: OpenPlace, stat: FileStat): void {
  const path = displayText(place.path);
  if (isRoot || place.path === "/") throw refused(`${path} is what is backed up itself; it stays where it is`);
  if (own.isAbove(stat)) throw refused(`${path} belongs to the agent itself, or has it below it`);
  if (stat.type !== "file" && stat.type !== "dir" && stat.type !== "symlink") throw special(place.path);
}

export function special(path: ByteString): FileError {
  return refused(`${displayText(path)} is neither a file nor a folder`);
}

/** Throws FileError for what is no file. */
export function assertFile(stat: FileStat, path: ByteString): void {
  if (stat.type === "file") return;
  if (stat.type === "dir") throw conflict(`${displayText(path)} is a folder`);
  if (stat.type !== "symlink") throw special(path);
  throw refused(`${displayText(path)} is a symbolic link, and links are not followed here`);
}

/** Throws when an entry is not as the condition says; null is no condition. */
export function assertVersion(ifVersion: string | null, version: string | null, path: ByteString): void {
  if (ifVersion === null) return;
  const words =
    ifVersion === "none"
      ? version !== null && `there is a ${displayText(path)} already`
      : version === null
        ? `there is no ${displayText(path)} any more`
        : ifVersion !== "*" &&
          ifVersion !== version &&
          `${displayText(path)} was changed by somebody else meanwhile; look at it again first`;
  if (words !== false) throw new FileError("MYCLOUD_PRECONDITION", words);
}
