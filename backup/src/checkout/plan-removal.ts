import { type ByteString, joinBytes } from "../byte-string/index.ts";
import type { FileStat } from "../filesystem/index.ts";
import type { RestoreDirectory } from "../restorer/restore-directory.ts";
import type { Node } from "../tree/index.ts";
import { enterDirectory, isLeftOut, keptOf, type PlanContext, statIn } from "./plan-context.ts";

/** What is to go, in the order in which it was found, and what would be lost by it. */
export interface Removal {
  readonly removed: { readonly path: ByteString; readonly stat: FileStat }[];
  /** Directories that stay and in which something is removed. */
  readonly entered: ByteString[];
  readonly conflicts: { readonly path: ByteString; readonly reason: string }[];
}

export interface ExtraneousEntry {
  readonly directory: RestoreDirectory;
  readonly name: ByteString;
  readonly path: ByteString;
  /** What the newest snapshot has there. */
  readonly newest: Node | null;
}

/**
 * Plans to remove an entry with all below it, and says whether it would be gone. What a backup leaves out, what the snapshot could not read, sockets
 * and what is on another file system stay without a word; what no snapshot has stays and is a conflict.
 */
export async function planRemoval(context: PlanContext, entry: ExtraneousEntry, removal: Removal): Promise<boolean> {
  const { directory, name, path, newest } = entry;
  const { selector } = context;
  context.signal.throwIfAborted();
  await context.breathe();
  const stat = statIn(context, directory, name);
  if (stat === null) return true;
  const present = { directory, name, path, stat };
  if (context.except.has(path)) return false;
  if (stat.type === "socket" || context.unreadable.has(path) || isLeftOut(selector, present)) return false;
  if (stat.type === "dir") {
    const isElsewhere = context.handles.with(directory, (opened) => opened.statSelf().deviceId !== stat.deviceId);
    return !isElsewhere && (await planDirectoryRemoval(context, entry, stat, removal));
  }
  const kept = context.isForced ? { isKept: true as const } : await keptOf(context, present, newest);
  if (kept.isKept) removal.removed.push({ path, stat });
  else removal.conflicts.push({ path, reason: kept.reason });
  return kept.isKept;
}

async function planDirectoryRemoval(
  context: PlanContext,
  { directory, name, path, newest }: ExtraneousEntry,
  stat: FileStat,
  removal: Removal,
): Promise<boolean> {
  const before = removal.removed.length;
  const opened = context.handles.with(directory, (above) => above.openDirectory(name));
  const inside = enterDirectory(context, directory, { name, path, node: null }, opened);
  const names = context.handles.with(inside, (within) => within.readNames());
  const onlyNames = context.handles.with(inside, (within) => context.selector.onlyNames(within));
  const nodes = await nodesOf(context, newest);
  let isEmpty = true;
  for (const child of names) {
    if (onlyNames !== null && !onlyNames.has(child)) {
      isEmpty = false;
      continue;
    }
    const below = {
      directory: inside,
      name: child,
      path: joinBytes(path, "/", child),
      newest: nodes?.get(child) ?? null,
    };
    isEmpty = (await planRemoval(context, below, removal)) && isEmpty;
  }
  if (isEmpty) removal.removed.push({ path, stat });
  else if (removal.removed.length > before) removal.entered.push(path);
  return isEmpty;
}

/** The entries of a directory node by their names; null when it is none, or cannot be read. */
export async function nodesOf(
  { repository, signal }: Pick<PlanContext, "repository" | "signal">,
  node: Node | null,
): Promise<ReadonlyMap<ByteString, Node> | null> {
  if (node?.type !== "dir" || node.subtree === undefined) return null;
  const nodes = await repository.loadTree(node.subtree, signal);
  return new Map(nodes.map((one) => [one.name, one]));
}
