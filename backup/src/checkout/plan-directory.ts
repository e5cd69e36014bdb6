import { type ByteString, joinBytes } from "../byte-string/index.ts";
import { DamagedError, InputError, NotFoundError } from "../error/index.ts";
import { assertEntryName, type FileStat } from "../filesystem/index.ts";
import { hasOwnMetadata } from "../restorer/has-metadata.ts";
import type { RestoreDirectory } from "../restorer/restore-directory.ts";
import type { Node } from "../tree/index.ts";
import { decideEntry } from "./decide-entry.ts";
import { enterDirectory, keptOf, type PlanContext, statIn } from "./plan-context.ts";
import { nodesOf, planRemoval, type Removal } from "./plan-removal.ts";
import type { Present } from "./present-content.ts";

/** Comparisons at work beside the walk. */
const comparisonsAtWork = 64;

/** An entry of the snapshot, and where it belongs. */
export interface WantedEntry {
  readonly directory: RestoreDirectory;
  readonly path: ByteString;
  readonly node: Node;
  /** What the newest snapshot has there. */
  readonly newest: Node | null;
}

/** Plans what lies in a directory of the snapshot; in a rollback also what the snapshot does not have. `deviceId` is that of the folder rolled back. */
export async function planDirectory(
  context: PlanContext,
  directory: RestoreDirectory,
  nodes: readonly Node[],
  newest: ReadonlyMap<ByteString, Node> | null,
  deviceId: bigint | null,
): Promise<void> {
  const { handles, signal } = context;
  const present = new Set(directory.isImagined ? [] : handles.with(directory, (opened) => opened.readNames()));
  for (const node of nodes) {
    signal.throwIfAborted();
    await context.breathe();
    if (!isGoodName(node.name)) {
      // The restorer names it. What a hostile or damaged directory does not say is no reason to remove anything.
      directory.isUnreadable = true;
      continue;
    }
    present.delete(node.name);
    const path = joinBytes(directory.path, "/", node.name);
    if (context.except.has(path)) continue;
    await planEntry(context, { directory, path, node, newest: newest?.get(node.name) ?? null }, deviceId);
  }
  await context.tasks.whenBelow(comparisonsAtWork);
  if (present.size > 0) await planExtraneous(context, directory, present, newest, deviceId);
}

/** Plans one entry of the snapshot with all below it. */
export async function planEntry(context: PlanContext, wanted: WantedEntry, deviceId: bigint | null): Promise<void> {
  const { directory, path, node } = wanted;
  if (node.type === "socket" || node.type === "irregular") return;
  const stat = statIn(context, directory, node.name);
  if (node.type === "dir") return await planFolder(context, wanted, stat, deviceId);
  const size = node.type === "file" ? (node.size ?? 0) : null;
  if (stat === null) {
    context.links.settle(node, null);
    context.counter.add("create", path, size);
    return;
  }
  const present = { directory, name: node.name, path, stat };
  const deciding = stat.type === "dir" ? planBlocked(context, wanted, present) : planPresent(context, wanted, present);
  // Names of one inode are decided in their order; all others beside each other.
  if (context.links.isOfGroup(node) || stat.links > 1) return await deciding;
  context.tasks.run(deciding);
  await context.tasks.whenBelow(comparisonsAtWork);
}

async function planPresent(context: PlanContext, { path, node, newest }: WantedEntry, present: Present): Promise<void> {
  const { content, links, counter, changes } = context;
  const { stat } = present;
  const likeness = await content.likeness(present, node);
  const isLinkedRight = likeness !== "different" && links.isRight(node, stat);
  const kept = likeness === "different" ? await keptOf(context, present, newest) : ({ isKept: true } as const);
  const decision = decideEntry({ likeness, isLinkedRight, kept }, context.isForced);
  const isMadeAnew = decision.action === "replace";
  links.settle(node, isMadeAnew ? null : stat);
  switch (decision.action) {
    case "unchanged":
      counter.unchanged++;
      return;
    case "conflict":
      counter.add("conflict", path, null, decision.reason);
      changes.refuse(path, decision.reason);
      return;
    case "metadata":
    case "replace": {
      const size = isMadeAnew && node.type === "file" ? (node.size ?? 0) : null;
      counter.add(decision.action, path, size);
      changes.change(path, stat);
    }
  }
}

/** A directory is where the snapshot has something else: it goes when nothing in it would be lost. */
async function planBlocked(context: PlanContext, { path, node, newest }: WantedEntry, present: Present): Promise<void> {
  context.links.settle(node, null);
  const { directory, name, stat } = present;
  const removal: Removal = { removed: [], entered: [], conflicts: [] };
  const isGone = await planRemoval(context, { directory, name, path, newest }, removal);
  if (!isGone) {
    const [first] = removal.conflicts;
    const what = first === undefined ? "not everything in it may be removed" : `${first.reason} (${first.path})`;
    const reason = `a directory is in its place: ${what}`;
    context.counter.add("conflict", path, null, reason);
    context.changes.refuse(path, reason);
    return;
  }
  carry(context, removal);
  context.counter.add("replace", path, node.type === "file" ? (node.size ?? 0) : null);
  context.changes.change(path, stat);
}

async function planFolder(
  context: PlanContext,
  wanted: WantedEntry,
  stat: FileStat | null,
  deviceId: bigint | null,
): Promise<void> {
  const { directory, path, node, newest } = wanted;
  const { counter, changes, handles } = context;
  const place = { name: node.name, path, node };
  if (stat !== null && stat.type !== "dir") {
    const kept = await keptOf(context, { directory, name: node.name, path, stat }, newest);
    const decision = decideEntry({ likeness: "different", isLinkedRight: true, kept }, context.isForced);
    if (decision.action === "conflict") {
      counter.add("conflict", path, null, decision.reason);
      changes.refuse(path, decision.reason);
      return;
    }
    counter.add("replace", path);
    changes.change(path, stat);
    return await planBelow(context, enterDirectory(context, directory, place, null), node, null, deviceId);
  }
  if (stat === null) {
    counter.add("create", path);
    return await planBelow(context, enterDirectory(context, directory, place, null), node, null, deviceId);
  }
  const opened = handles.with(directory, (above) => above.openDirectory(node.name));
  const isRight = hasOwnMetadata(opened, node);
  const inside = enterDirectory(context, directory, place, opened);
  if (isRight) counter.unchanged++;
  else {
    counter.add("metadata", path);
    changes.change(path, stat);
  }
  await planBelow(context, inside, node, newest, deviceId ?? stat.deviceId);
}

/** What lies below a directory of the snapshot. One that cannot be read is named by the restorer, and nothing in it is removed. */
async function planBelow(
  context: PlanContext,
  inside: RestoreDirectory,
  node: Node,
  newest: Node | null,
  deviceId: bigint | null,
): Promise<void> {
  let nodes: readonly Node[];
  try {
    if (node.subtree === undefined) return;
    nodes = await context.repository.loadTree(node.subtree, context.signal);
  } catch (error) {
    if (error instanceof DamagedError || error instanceof NotFoundError) return;
    throw error;
  }
  await planDirectory(context, inside, nodes, await nodesOf(context, newest), deviceId);
}

/** What the snapshot does not have in a folder. Only a rollback removes it, and only on the file system of the folder that it is of. */
async function planExtraneous(
  context: PlanContext,
  directory: RestoreDirectory,
  names: ReadonlySet<ByteString>,
  newest: ReadonlyMap<ByteString, Node> | null,
  deviceId: bigint | null,
): Promise<void> {
  if (context.kind !== "rollback" || !context.mayRemove || directory.isUnreadable) return;
  if (context.unreadable.has(directory.path)) return;
  const { isHome, onlyNames } = context.handles.with(directory, (opened) => ({
    isHome: opened.statSelf().deviceId === deviceId,
    onlyNames: context.selector.onlyNames(opened),
  }));
  if (!isHome) return;
  for (const name of names) {
    if (onlyNames !== null && !onlyNames.has(name)) continue;
    const path = joinBytes(directory.path, "/", name);
    const removal: Removal = { removed: [], entered: [], conflicts: [] };
    await planRemoval(context, { directory, name, path, newest: newest?.get(name) ?? null }, removal);
    carry(context, removal);
    for (const { path: conflicting, reason } of removal.conflicts) {
      context.counter.add("conflict", conflicting, null, reason);
      context.counter.leave(conflicting, reason);
    }
  }
}

/** Takes a removal over into the plan. */
export function carry({ counter, changes }: Pick<PlanContext, "counter" | "changes">, removal: Removal): void {
  for (const { path, stat } of removal.removed) {
    counter.add("remove", path);
    changes.remove(path, stat);
  }
  for (const path of removal.entered) changes.enter(path);
}

function isGoodName(name: ByteString): boolean {
  try {
    assertEntryName(name);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}
