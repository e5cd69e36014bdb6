import type { EntryType } from "@mycloud/protocol/snapshot-view";
import type { Id } from "../blob/index.ts";
import { type ByteString, displayText, joinBytes } from "../byte-string/index.ts";
import type { TreeSource } from "../listing/index.ts";
import type { Node } from "../tree/index.ts";
import { folded } from "./folder-page.ts";
import type { Unreadable } from "./lines.ts";
import type { NameSearch } from "./name-search.ts";
import { nodeChange } from "./node-change.ts";
import { SnapshotRanges } from "./snapshot-ranges.ts";

export interface VersionSearch {
  /** Newest first. */
  readonly snapshots: readonly { readonly tree: Id }[];
  readonly names: NameSearch;
  /** Only below this folder; its names from the root. */
  readonly below: readonly ByteString[];
  /** Empty: all. */
  readonly types: readonly EntryType[];
  readonly unreadable: Unreadable;
  readonly signal: AbortSignal;
}

/** One version of a path, and the snapshots that have just this one. */
export interface FoundVersion {
  readonly path: ByteString;
  readonly node: Node;
  readonly snapshots: SnapshotRanges;
}

/** What was found in a folder of one name: versions of it, and what is below it where it is a folder. */
interface NamedEntry {
  readonly versions: { node: Node; snapshots: SnapshotRanges }[];
  readonly folders: Map<Id, SnapshotRanges>;
}

interface Frame {
  readonly path: ByteString;
  readonly shown: readonly string[];
  readonly entries: readonly (readonly [ByteString, NamedEntry])[];
  next: number;
}

/**
 * Searches all snapshots at once: folder by folder in the order of paths, each tree that several of them share read once. Of a folder only what matches and
 * the names of folders in it are kept, for as long as the search is in it. Null now and then: nothing was found for a while.
 */
export async function* findVersions(source: TreeSource, search: VersionSearch): AsyncGenerator<FoundVersion | null> {
  const roots = new Map<Id, SnapshotRanges>();
  for (const [at, { tree }] of search.snapshots.entries()) note(roots, tree, new SnapshotRanges(at, at));
  const stack = [await openFolder(source, search, joinBytes(""), [], roots)];
  for (;;) {
    const frame = stack.at(-1);
    if (frame === undefined) return;
    const entry = frame.entries[frame.next++];
    if (entry === undefined) {
      stack.pop();
      continue;
    }
    const [name, { versions, folders }] = entry;
    const path = joinBytes(frame.path, "/", name);
    for (const { node, snapshots } of versions) yield { path, node, snapshots };
    if (folders.size === 0) continue;
    stack.push(await openFolder(source, search, path, [...frame.shown, folded(displayText(name))], folders));
    yield null;
  }
}

async function openFolder(
  source: TreeSource,
  search: VersionSearch,
  path: ByteString,
  shown: readonly string[],
  versions: ReadonlyMap<Id, SnapshotRanges>,
): Promise<Frame> {
  const { unreadable, signal } = search;
  const found = new Map<ByteString, NamedEntry>();
  // One after the other, newest first: ten versions of a folder of 100,000 entries are not in memory at once.
  for (const [tree, snapshots] of versions) {
    signal.throwIfAborted();
    const nodes = await unreadable.attempt(path, () => source.loadTree(tree, signal));
    if (nodes !== null) takeNodes(search, shown, nodes, snapshots, found);
  }
  const entries = [...found].sort(([left], [right]) => (left < right ? -1 : 1));
  return { path, shown, entries, next: 0 };
}

/** Keeps of a folder's entries what matches, and the folders to go into. */
function takeNodes(
  { names, below, types }: VersionSearch,
  shown: readonly string[],
  nodes: readonly Node[],
  snapshots: SnapshotRanges,
  found: Map<ByteString, NamedEntry>,
): void {
  const isAbove = shown.length < below.length;
  const only = below[shown.length];
  const path = [...shown, ""];
  for (const node of nodes) {
    if (isAbove && node.name !== only) continue;
    path[shown.length] = folded(displayText(node.name));
    const isWanted = !isAbove && (types.length === 0 || types.includes(node.type)) && names.matches(path);
    const below = node.type === "dir" && (isAbove || names.mayBeBelow(path)) ? node.subtree : undefined;
    if (!isWanted && below === undefined) continue;
    let entry = found.get(node.name);
    if (entry === undefined) {
      entry = { versions: [], folders: new Map() };
      found.set(node.name, entry);
    }
    if (isWanted) noteVersion(entry.versions, node, snapshots);
    if (below !== undefined) note(entry.folders, below, snapshots);
  }
}

function noteVersion(versions: NamedEntry["versions"], node: Node, snapshots: SnapshotRanges): void {
  const known = versions.find((version) => isSameVersion(version.node, node));
  if (known === undefined) versions.push({ node, snapshots: snapshots.copy() });
  else known.snapshots.add(snapshots);
}

/** Of a folder it is no version that something in it changed: that shows in its time of modification. */
function isSameVersion(left: Node, right: Node): boolean {
  return nodeChange(left, right) === null;
}

function note(folders: Map<Id, SnapshotRanges>, tree: Id, snapshots: SnapshotRanges): void {
  const known = folders.get(tree);
  if (known === undefined) folders.set(tree, snapshots.copy());
  else known.add(snapshots);
}
