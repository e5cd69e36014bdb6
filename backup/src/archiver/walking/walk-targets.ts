import { statSync } from "node:fs";
import type { Id } from "../../blob/index.ts";
import { type ByteString, joinBytes, systemPath } from "../../byte-string/index.ts";
import { type Directory, fileStatOf, openRoot, readExtendedAttributesOf } from "../../filesystem/index.ts";
import type { Node } from "../../tree/index.ts";
import { baseName, parentPath, resolvePath } from "./clean-path.ts";
import { DirectoryFrame } from "./directory-frame.ts";
import { isNodeKept } from "./keep-node.ts";
import { nodeOfEntry } from "./node-of-entry.ts";
import type { PlannedEntry } from "./target-plan.ts";
import { Walk } from "./walk.ts";
import type { WalkContext } from "./walk-context.ts";

export interface PlannedWalk {
  readonly plan: ReadonlyMap<ByteString, PlannedEntry>;
  /** What relative targets are relative to: absolute. */
  readonly workingDirectory: ByteString;
  /** The parent snapshot's tree. */
  readonly parentTree: Id | null;
  /** Makes the threads hand over the packs they have begun. */
  readonly flushThreads: () => Promise<void>;
}

/** Walks everything planned and stores its trees; the snapshot's tree, or null when none of the targets is there. */
export async function walkTargets(planned: PlannedWalk, context: WalkContext): Promise<Id | null> {
  const walk = new Walk(context);
  try {
    const top = newFrame(null, joinBytes("/"), null, null, null);
    walk.begin(top);
    await walk.loadPrevious(top, planned.parentTree ?? undefined);
    const reached = { count: 0 };
    await walkEntries({ reached, walk, context, workingDirectory: planned.workingDirectory }, top, planned.plan);
    const treeId = await walk.finish(top, planned.flushThreads);
    return reached.count === 0 ? null : treeId;
  } finally {
    walk.close();
  }
}

interface Surroundings {
  /** Targets that are there. */
  readonly reached: { count: number };
  readonly walk: Walk;
  readonly context: WalkContext;
  readonly workingDirectory: ByteString;
}

async function walkEntries(
  surroundings: Surroundings,
  frame: DirectoryFrame,
  entries: ReadonlyMap<ByteString, PlannedEntry>,
): Promise<void> {
  const { walk, context, workingDirectory } = surroundings;
  for (const [name, entry] of entries) {
    const path = resolvePath(workingDirectory, entry.path);
    const previous = frame.findPrevious(name);
    if (entry.kind === "target") {
      await walkTarget(surroundings, frame, name, entry, previous);
      continue;
    }
    const way = openWay(context, name, entry.path, path, previous);
    if (way === null) continue;
    const child = newFrame(frame, path, way.directory, way.node, previous);
    walk.begin(child);
    await walk.loadPrevious(child, previous?.subtree);
    await walkEntries(surroundings, child, entry.entries);
    walk.walked(child);
  }
}

/** A target is reached by its name in its directory, so that a link there is recorded and not followed. */
async function walkTarget(
  { reached, walk, context, workingDirectory }: Surroundings,
  frame: DirectoryFrame,
  name: ByteString,
  { path: systemName, isNamed }: Extract<PlannedEntry, { kind: "target" }>,
  previous: Node | null,
): Promise<void> {
  const path = resolvePath(workingDirectory, systemName);
  const realName = baseName(systemName);
  let directory: Directory;
  let deviceId: bigint;
  try {
    directory = walk.holdOpen(parentPath(systemName));
    // An entry of a directory that stands for its entries: the one to stay on is that directory's file system.
    deviceId = isNamed ? directory.stat(realName).deviceId : directory.statSelf().deviceId;
  } catch (error) {
    context.errors.addThrown(path, isNamed ? "target" : "lstat", error);
    return;
  }
  reached.count += 1;
  await walk.visitTree({ frame, directory, realName, name, path, previous, deviceId, isNamed });
}

/** A directory above the targets. The system follows links there, as the person who named the path expects. */
function openWay(
  context: WalkContext,
  name: ByteString,
  systemName: ByteString,
  path: ByteString,
  previous: Node | null,
): { readonly node: Node; readonly directory: Directory | null } | null {
  try {
    const stat = fileStatOf(statSync(systemPath(systemName), { bigint: true }));
    const directory = openIfAllowed(systemName);
    if (previous !== null && isNodeKept(context, stat, previous)) return { node: previous, directory };
    const attributes = directory === null ? [] : readExtendedAttributesOf(directory.fd).attributes;
    const metadata = { attributes, flags: 0, isSparse: false };
    return { node: nodeOfEntry(name, stat, metadata, {}, context.nodeOptions), directory };
  } catch (error) {
    context.errors.addThrown(path, "lstat", error);
    return null;
  }
}

/** Its attributes were not asked for, so no right to them is no surprise. */
function openIfAllowed(path: ByteString): Directory | null {
  try {
    return openRoot(path, { isPathOnly: true });
  } catch {
    return null;
  }
}

function newFrame(
  parent: DirectoryFrame | null,
  path: ByteString,
  directory: Directory | null,
  node: Node | null,
  previous: Node | null,
): DirectoryFrame {
  const slot = parent === null ? -1 : parent.reserve();
  return new DirectoryFrame({ parent, slot, path, directory, node, previous, deviceId: 0n });
}
