import type { ByteString } from "../../byte-string/index.ts";
import {
  codeOf,
  type Directory,
  type FileStat,
  readExtendedAttributesOf,
  readFileFlags,
} from "../../filesystem/index.ts";
import type { Node } from "../../tree/index.ts";
import { DirectoryFrame } from "./directory-frame.ts";
import { isNodeKept, samenessOf } from "./keep-node.ts";
import type { SeenDirectory } from "./look-ahead.ts";
import { type EntryMetadata, metadataOfNode, nodeOfEntry } from "./node-of-entry.ts";
import type { VisitedEntry } from "./visited-entry.ts";
import type { WalkContext } from "./walk-context.ts";

/** A directory on the way down, with what is still to be visited in it. */
export interface EnteredDirectory {
  readonly frame: DirectoryFrame;
  names: readonly ByteString[];
  /** Seen before the walk: the names are from there, and hold only where nothing else changed. */
  readonly seen: SeenDirectory | null;
  /** When a file in it says that it is a cache: all that is taken. */
  readonly onlyNames: ReadonlySet<ByteString> | null;
  at: number;
  /** All but the directories in it is as in the parent snapshot; they alone are left to visit. */
  isUnchanged: boolean;
}

/** Removed, or replaced by a file or a link, since it was looked at. */
const goneCodes = new Set(["ENOENT", "ENOTDIR", "ELOOP"]);

/** Opens a directory. One that may not be read is recorded as empty, and said; null when it is no directory any more. */
export function enterDirectory(context: WalkContext, entry: VisitedEntry, lstat: FileStat): EnteredDirectory | null {
  let directory: Directory | null = null;
  let stat = lstat;
  let names: readonly ByteString[] = [];
  let onlyNames: ReadonlySet<ByteString> | null = null;
  let seen = context.lookAhead?.take(entry.path) ?? null;
  try {
    directory = entry.directory.openDirectory(entry.realName);
    stat = directory.statSelf();
    if (!context.selector.isOtherFileSystem(entry.deviceId, stat)) {
      names = seen?.names ?? directory.readNames();
      onlyNames = context.selector.onlyNames(directory);
    }
  } catch (error) {
    seen = null;
    context.errors.addThrown(entry.path, "open", error);
    if (directory === null && goneCodes.has(codeOf(error))) return null;
  }
  const frame = new DirectoryFrame({
    parent: entry.frame,
    slot: entry.frame.reserve(),
    path: entry.path,
    directory,
    node: directoryNode(context, entry, stat, directory),
    previous: entry.previous,
    deviceId: entry.deviceId,
  });
  return { frame, names, seen, onlyNames, at: 0, isUnchanged: false };
}

function directoryNode(context: WalkContext, entry: VisitedEntry, stat: FileStat, directory: Directory | null): Node {
  const { previous } = entry;
  const sameness = previous === null ? null : samenessOf(context, stat, previous);
  if (previous !== null && sameness !== null && isNodeKept(context, stat, previous, sameness)) return previous;
  const metadata =
    previous !== null && sameness?.isInodeSame ? metadataOfNode(previous) : readMetadata(context, entry, directory);
  return nodeOfEntry(entry.name, stat, metadata, {}, context.nodeOptions);
}

function readMetadata(context: WalkContext, entry: VisitedEntry, directory: Directory | null): EntryMetadata {
  if (directory === null) return { attributes: [], flags: 0, isSparse: false };
  const { attributes, faults } = readExtendedAttributesOf(directory.fd);
  for (const fault of faults) context.errors.add(entry.path, fault);
  return { attributes, flags: readFileFlags(directory.fd), isSparse: false };
}
