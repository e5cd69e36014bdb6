import type { FileVersion, ViewRequest } from "@mycloud/protocol/snapshot-view";
import type { Id } from "../blob/index.ts";
import { type ByteString, joinBytes } from "../byte-string/index.ts";
import { pathNames } from "../listing/index.ts";
import type { StoredSnapshot } from "../snapshot/index.ts";
import type { Node } from "../tree/index.ts";
import type { Viewer } from "./create-snapshot-view.ts";
import { Unreadable } from "./lines.ts";
import { nodeChange } from "./node-change.ts";
import { instantMs, snapshotEntry } from "./snapshot-entry.ts";
import type { ViewAnswer } from "./view-answer.ts";
import { bytesOfPath } from "./view-path.ts";
import type { ViewedRepository } from "./viewed-repository.ts";

type Draft = { -readonly [Field in keyof FileVersion]: FileVersion[Field] };

/** How a path was from snapshot to snapshot, newest first. A folder that several snapshots share is looked into once. */
export async function answerHistory(
  { viewed, snapshots }: Viewer,
  { path, limit }: Extract<ViewRequest, { kind: "history" }>,
  signal: AbortSignal,
): Promise<ViewAnswer> {
  const names = pathNames(bytesOfPath(path));
  const itself = joinBytes("/", names.join("/"));
  const shownPath = Buffer.from(itself, "latin1").toString("utf8");
  const unreadable = new Unreadable();
  const look = createLookUp(viewed, names, unreadable, signal);
  const versions: Draft[] = [];
  let current: Node | null = null;
  let currentSeries = "";
  for (const snapshot of await snapshots.list()) {
    signal.throwIfAborted();
    const found: Node | null | undefined = await look(snapshot.tree);
    if (found === undefined) continue;
    const series = seriesOf(snapshot);
    // In a snapshot of other things it is not missing: it was never meant to be there.
    if (found === null && series !== currentSeries && !covers(snapshot.paths, shownPath)) continue;
    const last = versions.at(-1);
    const change = changeBetween(current, found);
    if (change !== null) versions.push({ change, ...firstOf(snapshot), ...lastOf(snapshot), entry: entryOf(found) });
    else if (last !== undefined) Object.assign(last, lastOf(snapshot));
    current = found;
    currentSeries = series;
  }
  const shown = versions.toReversed().slice(0, limit);
  const isTruncated = shown.length < versions.length;
  return { head: { kind: "history", versions: shown, isTruncated, ...unreadable.field }, body: null };

  function entryOf(node: Node | null) {
    return node === null ? null : snapshotEntry(itself, node);
  }
}

function changeBetween(before: Node | null, after: Node | null): FileVersion["change"] | null {
  if (before === null || after === null) return before === after ? null : after === null ? "removed" : "added";
  return nodeChange(before, after, { isContentOfFoldersCompared: true });
}

function seriesOf({ hostname, paths, tags = [] }: StoredSnapshot): string {
  // Tags that name a run are others each time; the one that names the source is what counts.
  return JSON.stringify([hostname, paths, tags.filter((tag) => tag.startsWith("source="))]);
}

/** Whether what was backed up has this path in it. */
function covers(paths: readonly string[], path: string): boolean {
  return paths.some((above) => above === "/" || path === above || path.startsWith(`${above}/`));
}

function firstOf({ id, time }: StoredSnapshot): Pick<FileVersion, "snapshotId" | "takenAtMs"> {
  return { snapshotId: id, takenAtMs: instantMs(time) };
}

function lastOf({ id, time }: StoredSnapshot): Pick<FileVersion, "lastSnapshotId" | "lastTakenAtMs"> {
  return { lastSnapshotId: id, lastTakenAtMs: instantMs(time) };
}

/** What looks a path up in one snapshot after the other: null when it is not there, undefined when that cannot be read. */
function createLookUp(
  viewed: ViewedRepository,
  names: readonly ByteString[],
  unreadable: Unreadable,
  signal: AbortSignal,
): (root: Id) => Promise<Node | null | undefined> {
  // What each folder on the way has under the next name, by the folder's tree and how deep it is.
  const known = new Map<string, Node | null>();
  async function child(tree: Id, depth: number): Promise<Node | null | undefined> {
    const key = `${depth}:${tree}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const above = joinBytes("/", names.slice(0, depth).join("/"));
    const name = names[depth] ?? joinBytes("");
    const attempted = await unreadable.attempt(above, async () => ({
      found: await viewed.findNode(tree, name, signal),
    }));
    if (attempted === null) return undefined;
    known.set(key, attempted.found);
    return attempted.found;
  }

  return async (root) => {
    let node: Node | null = null;
    let tree: Id | undefined = root;
    for (const depth of names.keys()) {
      if (tree === undefined) return null;
      const next: Node | null | undefined = await child(tree, depth);
      if (next === undefined || next === null) return next;
      node = next;
      tree = node.type === "dir" ? node.subtree : undefined;
    }
    return node;
  };
}
