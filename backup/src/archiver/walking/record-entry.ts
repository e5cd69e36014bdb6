import { closeSync } from "node:fs";
import { type FileStat, readExtendedAttributes, statOf } from "../../filesystem/index.ts";
import type { Node } from "../../tree/index.ts";
import { chooseChunkSizes } from "../chunk-size-policy.ts";
import { readMetadata as readOpenMetadata, type StoredFile } from "../storing/store-file.ts";
import type { Sameness } from "./change-detection.ts";
import { isNodeKept, samenessOf } from "./keep-node.ts";
import { type EntryMetadata, metadataOfNode, nodeOfEntry, type TypeFields } from "./node-of-entry.ts";
import type { VisitedEntry } from "./visited-entry.ts";
import type { WalkContext } from "./walk-context.ts";

/** What is said of a file that did not keep still. */
export const changedWhileRead = "it changed while it was read, twice; it is stored as it was read";

/** Looks at an entry: its lstat, or null when it is left out or gone (which is counted or said here). */
export function lookAt(context: WalkContext, entry: VisitedEntry): FileStat | null {
  const { selector, figures, errors } = context;
  context.meter.visit(entry.path);
  if (!entry.isNamed && selector.isExcludedByPath(entry.path)) {
    figures.excluded += 1;
    return null;
  }
  let stat: FileStat;
  try {
    stat = entry.directory.stat(entry.realName);
  } catch (error) {
    errors.addThrown(entry.path, "lstat", error);
    return null;
  }
  const isElsewhere = stat.type !== "dir" && selector.isOtherFileSystem(entry.deviceId, stat);
  if (!entry.isNamed && (isElsewhere || selector.isExcludedByStat(stat))) {
    figures.excluded += 1;
    return null;
  }
  return stat;
}

/** Records a regular file: as the parent snapshot has it when it is unchanged, else it is read. `settle` is called when it is done later. */
export function recordFile(context: WalkContext, entry: VisitedEntry, stat: FileStat, settle: () => void): void {
  const { frame, previous } = entry;
  context.figures.files += 1;
  const sameness = previous === null ? null : samenessOf(context, stat, previous);
  if (previous !== null && sameness?.isContentSame && isContentKnown(context, previous)) {
    context.figures.filesUnmodified += 1;
    context.figures.bytes += stat.size;
    context.meter.filesDone += 1;
    context.meter.bytesDone += stat.size;
    tellItem(context, entry, "unchanged", false, stat.size);
    frame.add(keepFileNode(context, entry, stat, previous, sameness));
    return;
  }
  const slot = frame.reserve();
  const { sizes } = chooseChunkSizes({ name: entry.realName, size: stat.size, inode: stat.inode }, previous);
  const file = { directoryFd: entry.directory.fd, name: entry.realName, sizes };
  context.intake.add(file, stat, (stored) => {
    frame.fill(slot, finishFile(context, entry, stored));
    settle();
  });
}

/** Records what has no content: links, devices, FIFOs, sockets. */
export function recordOther(context: WalkContext, entry: VisitedEntry, stat: FileStat): void {
  const { previous } = entry;
  if (stat.type === "socket") context.figures.sockets += 1;
  let linkTarget: TypeFields = {};
  try {
    if (stat.type === "symlink") linkTarget = { linkTarget: entry.directory.readLink(entry.realName) };
  } catch (error) {
    context.errors.addThrown(entry.path, "readlink", error);
    return;
  }
  const isTargetSame = previous?.linkTarget === linkTarget.linkTarget;
  if (previous !== null && isTargetSame && isNodeKept(context, stat, previous)) {
    entry.frame.add(previous);
    return;
  }
  const metadata = readMetadata(context, entry);
  entry.frame.add(nodeOfEntry(entry.name, stat, metadata, linkTarget, context.nodeOptions));
}

/** Without its blobs (damage, a lost index) a file must be read again. */
function isContentKnown(context: WalkContext, previous: Node): boolean {
  return previous.content?.every((id) => context.index.has("data", id)) ?? false;
}

/** The node of a file that need not be read. */
function keepFileNode(
  context: WalkContext,
  entry: VisitedEntry,
  stat: FileStat,
  previous: Node,
  sameness: Sameness,
): Node {
  if (isNodeKept(context, stat, previous, sameness)) return previous;
  const metadata = sameness.isInodeSame ? metadataOfNode(previous) : readFileMetadata(context, entry);
  const content = previous.content ?? [];
  return nodeOfEntry(entry.name, stat, metadata, { content, size: stat.size }, context.nodeOptions);
}

/** Metadata of a file that is not read otherwise. Who may not read it gets what can be had from outside. */
function readFileMetadata(context: WalkContext, entry: VisitedEntry): EntryMetadata {
  let fd: number;
  try {
    fd = entry.directory.openFile(entry.realName);
  } catch {
    return readMetadata(context, entry);
  }
  try {
    const metadata = readOpenMetadata(fd, statOf(fd));
    for (const fault of metadata.faults) context.errors.add(entry.path, fault);
    return metadata;
  } finally {
    closeSync(fd);
  }
}

function finishFile(context: WalkContext, entry: VisitedEntry, stored: StoredFile): Node | null {
  context.meter.filesDone += 1;
  if (stored.kind === "failed") {
    context.errors.add(entry.path, stored.fault);
    return null;
  }
  if (stored.isChanged) {
    context.errors.add(entry.path, { during: "read", message: changedWhileRead, code: "", isForbidden: false });
  }
  for (const fault of stored.metadata.faults) context.errors.add(entry.path, fault);
  const isChanged = entry.previous?.type === "file";
  context.figures[isChanged ? "filesChanged" : "filesNew"] += 1;
  context.figures.bytes += stored.size;
  tellItem(context, entry, isChanged ? "changed" : "new", false, stored.size);
  const { content, size, stat, metadata } = stored;
  return nodeOfEntry(entry.name, stat, metadata, { content, size }, context.nodeOptions);
}

function readMetadata(context: WalkContext, entry: VisitedEntry): EntryMetadata {
  const { attributes, faults } = readExtendedAttributes(entry.directory, entry.realName);
  for (const fault of faults) context.errors.add(entry.path, fault);
  return { attributes, flags: 0, isSparse: false };
}

/** Tells of an entry that is done, where anybody listens. */
export function tellItem(
  context: WalkContext,
  { path }: Pick<VisitedEntry, "path">,
  action: "new" | "changed" | "unchanged",
  isDirectory: boolean,
  sizeBytes: number,
): void {
  context.onItem?.({ path, action, isDirectory, sizeBytes });
}
