import { closeSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { type ByteString, byteString, byteStringOf, displayText } from "@mycloud/backup/byte-string";
import { Directory, type FileStat, hasTagFile, isCacheDirectory, openRoot, statOf } from "@mycloud/backup/filesystem";
import { notFound, refused } from "./file-error.ts";
import type { FileRules, ManagedJob } from "./file-rules.ts";
import { type ManagedPlace, namesBelow } from "./managed-place.ts";

/**
 * Where an entry is: its name in an open directory. Whatever somebody does to the names on the way, the directory stays the one that was walked to.
 */
export interface OpenPlace extends Disposable {
  readonly directory: Directory;
  readonly name: ByteString;
  readonly place: ManagedPlace;
  /** Whether it is one of the roots itself. */
  readonly isRoot: boolean;
}

/** Which directories are the agent's own, by what the system knows them by. */
export interface OwnDirectories {
  isOwn(stat: FileStat): boolean;
  /** Whether one of them is that directory or lies below it. */
  isAbove(stat: FileStat): boolean;
}

const maximumLinks = 40;

/** Looks the agent's own directories up. */
export function findOwnDirectories({ ownDirectories }: Pick<FileRules, "ownDirectories">): OwnDirectories {
  const own = new Set<string>();
  const above = new Set<string>();
  for (const path of ownDirectories) {
    let current = realpathSync(path);
    own.add(idOf(statSync(current, { bigint: true })));
    for (;;) {
      above.add(idOf(statSync(current, { bigint: true })));
      const parent = current.replace(/\/[^/]*$/, "") || "/";
      if (parent === current) break;
      current = parent;
    }
  }
  const key = ({ deviceId, inode }: FileStat) => idOf({ dev: deviceId, ino: inode });
  return { isOwn: (stat) => own.has(key(stat)), isAbove: (stat) => above.has(key(stat)) };
}

function idOf({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${dev} ${ino}`;
}

/**
 * Walks to a managed path. Up to the root that it lies in, links are followed where only the administrator could have made them; from there on none, as
 * whoever owns these folders could. Throws FileError and what the system says.
 */
export function openPlace(place: ManagedPlace, own: OwnDirectories): OpenPlace {
  const { path, root } = place;
  if (path === "/") return opened(openRoot(byteString("/")), byteString("."), place, true);
  const names = namesBelow(path, root.path);
  let directory = openAncestors(root.path, own);
  let name = lastName(root.path);
  try {
    if (root.path === "/") name = names.shift() ?? name;
    for (const next of names) {
      const inner = openManaged(directory, name, root.job, own);
      directory.close();
      directory = inner;
      name = next;
    }
  } catch (error) {
    directory.close();
    throw error;
  }
  return opened(directory, name, place, names.length === 0 && root.path !== "/");
}

function opened(directory: Directory, name: ByteString, place: ManagedPlace, isRoot: boolean): OpenPlace {
  return { directory, name, place, isRoot, [Symbol.dispose]: () => directory.close() };
}

/** Opens the directory that a place is. */
export function openFolder({ directory, name, place }: OpenPlace, own: OwnDirectories): Directory {
  if (place.path === "/") return openRoot(byteString("/"));
  return openManaged(directory, name, place.root.job, own);
}

/** A directory in another one, when it may be managed: no link, none of the agent's own, not left out of the backup. */
export function openManaged(parent: Directory, name: ByteString, job: ManagedJob, own: OwnDirectories): Directory {
  const directory = openDirectory(parent, name, own);
  try {
    if (isTagged(directory, job)) throw refused(`${displayText(name)} is left out of the backup`);
    return directory;
  } catch (error) {
    directory.close();
    throw error;
  }
}

function openDirectory(parent: Directory, name: ByteString, own: OwnDirectories): Directory {
  const fd = parent.openEntry(name);
  const stat = statOf(fd);
  if (stat.type === "dir" && !own.isOwn(stat)) return new Directory(fd);
  closeSync(fd);
  if (stat.type === "symlink") {
    throw refused(`${displayText(name)} is a symbolic link, and links are not followed here`);
  }
  throw stat.type === "dir" ? refused(`${displayText(name)} belongs to the agent itself`) : notFound(displayText(name));
}

/** Whether a job leaves a directory out for a file in it. */
function isTagged(directory: Directory, { excludeCaches, excludeIfPresent }: ManagedJob): boolean {
  if (excludeCaches && isCacheDirectory(directory)) return true;
  return excludeIfPresent.some((text) => {
    const at = text.indexOf(":");
    const [name, header] = at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
    return hasTagFile(directory, byteString(name), byteString(header));
  });
}

/** The directory that a root lies in. */
function openAncestors(path: ByteString, own: OwnDirectories): Directory {
  let directory = openRoot(byteString("/"), { isPathOnly: true });
  const names = namesBelow(path, byteString("/")).slice(0, -1);
  try {
    for (let links = 0; names.length > 0; ) {
      const name = names.shift() ?? byteString(".");
      const target = readAdministratorsLink(directory, name);
      if (target === null) {
        const inner = openDirectory(directory, name, own);
        directory.close();
        directory = inner;
        continue;
      }
      if (++links > maximumLinks) throw refused(`${displayText(path)} leads over too many symbolic links`);
      names.unshift(...(target.split("/").filter((part) => part !== "" && part !== ".") as ByteString[]));
      // `..` in a link of the administrator's is refused by the names' own check.
      if (!target.startsWith("/")) continue;
      directory.close();
      directory = openRoot(byteString("/"), { isPathOnly: true });
    }
    return directory;
  } catch (error) {
    directory.close();
    throw error;
  }
}

/** Where a link leads that nobody but the administrator (or the agent's own user) can have put there; null for what is no such link. */
function readAdministratorsLink(directory: Directory, name: ByteString): ByteString | null {
  if (directory.stat(name).type !== "symlink") return null;
  const isOurs = (uid: number) => uid === 0 || uid === process.getuid?.();
  const parent = directory.statSelf();
  if (!isOurs(parent.uid) || (parent.mode & 0o022) !== 0) return null;
  return directory.readLink(name);
}

function lastName(path: ByteString): ByteString {
  return (path === "/" ? "." : path.slice(path.lastIndexOf("/") + 1)) as ByteString;
}

/** Where an open directory really is, for what is decided by places and not by names. */
export function realPathOf(directory: Directory): ByteString {
  return byteStringOf(readlinkSync(`/proc/self/fd/${directory.fd}`, { encoding: "buffer" }));
}
