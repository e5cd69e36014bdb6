import { setImmediate as turn } from "node:timers/promises";
import { type ByteString, displayText } from "@mycloud/backup/byte-string";
import type { Directory, FileStat } from "@mycloud/backup/filesystem";
import type { FileHead, FileRequest, LiveEntry } from "@mycloud/protocol/agent-question";
import { entryAt, type FileManager, openPath } from "./file-manager.ts";
import { liveEntry, mayChange, uploadName } from "./live-entry.ts";
import { below } from "./managed-place.ts";
import { type OpenPlace, openFolder, openPlace } from "./open-place.ts";

type ListRequest = Extract<FileRequest, { kind: "list" }>;
const entriesPerTurn = 2_000;

/** The folders that may be managed; those that are not there are left out. */
export function listRoots(manager: FileManager): Extract<FileHead, { kind: "roots" }> {
  const roots: LiveEntry[] = [];
  for (const root of manager.roots) {
    // Several jobs may back it up.
    if (roots.some(({ path }) => path === displayText(root.path))) continue;
    try {
      using place = openPlace({ path: root.path, root }, manager.own);
      const entry = entryAt(manager, place);
      roots.push({ ...entry, name: entry.path });
    } catch {
      // Not there, or not for us: there is nothing to manage.
    }
  }
  return { kind: "roots", roots };
}

/** A page of a folder: folders first, by name. What is left out of the backup is not shown. */
export async function listFolder(
  manager: FileManager,
  { path, offset, limit }: ListRequest,
  signal: AbortSignal,
): Promise<Extract<FileHead, { kind: "list" }>> {
  using place = openPath(manager, path);
  using folder = openFolder(place, manager.own);
  const { root } = place.place;
  const found: { readonly name: ByteString; readonly stat: FileStat }[] = [];
  let looked = 0;
  for (const name of folder.readNames()) {
    if (++looked % entriesPerTurn === 0) await turn();
    signal.throwIfAborted();
    if (uploadName.test(name) || root.isExcluded(below(place.place.path, name))) continue;
    const stat = folder.statIfExists(name);
    if (stat === null || stat.type === "irregular" || manager.own.isOwn(stat)) continue;
    found.push({ name, stat });
  }
  const rank = ({ stat }: { readonly stat: FileStat }) => (stat.type === "dir" ? 0 : 1);
  found.sort((a, b) => rank(a) - rank(b));
  const page = found.slice(offset, offset + limit);
  const entries = page.flatMap(({ name, stat }) => entryIn(manager, place, folder, name, stat));
  const entry = liveEntry(manager, place.place, folder.statSelf(), {
    linkTarget: null,
    isWritable: mayChange(manager, place),
  });
  return { kind: "list", entry, entries, total: found.length };
}

function entryIn(
  manager: FileManager,
  { place }: OpenPlace,
  folder: Directory,
  name: ByteString,
  stat: FileStat,
): LiveEntry[] {
  const inner = { path: below(place.path, name), root: place.root };
  const at = { directory: folder, name, place: inner, isRoot: false, [Symbol.dispose]: () => undefined };
  try {
    const linkTarget = stat.type === "symlink" ? folder.readLink(name) : null;
    return [liveEntry(manager, inner, stat, { linkTarget, isWritable: mayChange(manager, at) })];
  } catch {
    // Gone, or no link any more.
    return [];
  }
}
