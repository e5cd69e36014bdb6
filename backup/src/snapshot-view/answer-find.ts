import type { FoundEntry, ViewRequest } from "@mycloud/protocol/snapshot-view";
import { pathNames } from "../listing/index.ts";
import type { StoredSnapshot } from "../snapshot/index.ts";
import type { Viewer } from "./create-snapshot-view.ts";
import { findVersions } from "./find-versions.ts";
import { linesOf, Unreadable } from "./lines.ts";
import { createNameSearch } from "./name-search.ts";
import { instantMs, snapshotEntry } from "./snapshot-entry.ts";
import type { ViewAnswer } from "./view-answer.ts";
import { bytesOfPath } from "./view-path.ts";

/** Every version of the paths that are looked for, in the order of paths, newest first for each. */
export async function answerFind(
  { viewed, snapshots }: Viewer,
  { pattern, path, snapshotIds, types, limit }: Extract<ViewRequest, { kind: "find" }>,
  signal: AbortSignal,
): Promise<ViewAnswer> {
  const below = pathNames(bytesOfPath(path));
  const all = (await snapshots.list()).toReversed();
  for (const id of snapshotIds) await snapshots.find(id);
  const wanted = new Set(snapshotIds);
  const searched = wanted.size === 0 ? all : all.filter(({ id }) => wanted.has(id));
  const unreadable = new Unreadable();
  const names = createNameSearch(pattern);

  async function* found(): AsyncGenerator<FoundEntry | null> {
    const search = { snapshots: searched, names, below, types, unreadable, signal };
    for await (const version of findVersions(viewed, search)) {
      if (version === null) yield null;
      else {
        const newest = searched[version.snapshots.newest];
        const oldest = searched[version.snapshots.oldest];
        if (newest === undefined || oldest === undefined) throw new RangeError("a version is in no snapshot");
        yield { entry: snapshotEntry(version.path, version.node), ...between(newest, oldest) };
      }
    }
  }
  return { head: { kind: "find" }, body: linesOf(found(), limit, unreadable) };
}

function between(newest: StoredSnapshot, oldest: StoredSnapshot): Omit<FoundEntry, "entry"> {
  return {
    newestSnapshotId: newest.id,
    newestAtMs: instantMs(newest.time),
    oldestSnapshotId: oldest.id,
    oldestAtMs: instantMs(oldest.time),
  };
}
