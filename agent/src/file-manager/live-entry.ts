import { type ByteString, displayText, joinBytes } from "@mycloud/backup/byte-string";
import type { AccountNames, FileStat } from "@mycloud/backup/filesystem";
import type { LiveEntry } from "@mycloud/protocol/agent-question";
import { EntryType } from "@mycloud/protocol/snapshot-view";
import type { FileManager } from "./file-manager.ts";
import type { ManagedPlace } from "./managed-place.ts";
import { type OpenPlace, realPathOf } from "./open-place.ts";
import { touchesSystem } from "./system-folder.ts";

const typeLetters: Readonly<Record<string, string>> = {
  dir: "d",
  symlink: "l",
  dev: "b",
  chardev: "c",
  fifo: "p",
  socket: "s",
};

/** Names of uploads that are under way, or were cut off. */
export const uploadName = /^\.mycloud-upload-[0-9a-f]{16}$/;

/** Differs after every change of a file, also one that puts the time of change back: the system keeps its own (ctime). Pure. */
export function versionOf({ inode, size, mtimeNs, ctimeNs }: FileStat): string {
  return [inode, size, mtimeNs, ctimeNs].map((number) => number.toString(36)).join(".");
}

/** Permission bits as `ls -l` writes them. Pure. */
export function modeText({ type, mode }: Pick<FileStat, "type" | "mode">): string {
  const bits = [...(mode & 0o777).toString(2).padStart(9, "0")].map((bit, at) => (bit === "1" ? "rwx"[at % 3] : "-"));
  for (const [bit, at, letter] of [
    [0o4000, 2, "s"],
    [0o2000, 5, "s"],
    [0o1000, 8, "t"],
  ] as const) {
    if ((mode & bit) !== 0) bits[at] = bits[at] === "x" ? letter : letter.toUpperCase();
  }
  return (typeLetters[type] ?? "-") + bits.join("");
}

/** Whether the entry at a place may be changed from afar, as far as rules say; the system may still refuse. */
export function mayChange({ rules }: FileManager, { directory, name, place }: OpenPlace): boolean {
  if (!rules.mayChange || place.path === "/") return false;
  if (rules.roots !== null) return true;
  const real = realPathOf(directory);
  const realPath = real === "/" ? joinBytes("/", name) : joinBytes(real, "/", name);
  return !touchesSystem(place.path) && !touchesSystem(realPath);
}

/** An entry as it is told. `linkTarget` is a link's. */
export function liveEntry(
  { accounts }: Pick<FileManager, "accounts">,
  { path, root }: ManagedPlace,
  stat: FileStat,
  { linkTarget, isWritable }: { readonly linkTarget: ByteString | null; readonly isWritable: boolean },
): LiveEntry {
  const type = EntryType.catch("file").parse(stat.type);
  return {
    name: displayText(path.slice(path.lastIndexOf("/") + 1) as ByteString),
    path: displayText(path),
    type,
    sizeBytes: type === "file" ? stat.size : null,
    modifiedAtMs: Number(stat.mtimeNs / 1_000_000n),
    changedAtMs: Number(stat.ctimeNs / 1_000_000n),
    mode: modeText(stat),
    ...ownerOf(accounts, stat),
    linkTarget: linkTarget === null ? null : displayText(linkTarget),
    version: versionOf(stat),
    isWritable: isWritable && (type === "file" || type === "dir" || type === "symlink"),
    repositoryId: root.job.repositoryId,
  };
}

function ownerOf(accounts: AccountNames, { uid, gid }: FileStat) {
  return { user: accounts.userName(uid) ?? String(uid), group: accounts.groupName(gid) ?? String(gid) };
}
