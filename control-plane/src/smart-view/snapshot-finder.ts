import type { SnapshotId, ViewSnapshot } from "@mycloud/protocol/snapshot-view";
import { ConflictError, NotFoundError } from "../error/index.ts";
import type { AskRepository } from "../snapshot-view/ask-repository.ts";
import { findReferenced, isFullId, type SnapshotReference } from "./snapshot-reference.ts";

/** Finds out which snapshot is meant. */
export interface SnapshotFinder {
  /** Throws NotFoundError, or ConflictError with the candidates when the digits fit several. A full id is taken as it is: no one is asked. */
  find(repositoryId: number, reference: SnapshotReference, signal: AbortSignal): Promise<SnapshotId>;
  /** Snapshots, oldest first, as they were a moment ago. */
  list(repositoryId: number, signal: AbortSignal): Promise<readonly ViewSnapshot[]>;
}

export interface SnapshotFinderDependencies {
  readonly ask: AskRepository;
  readonly now: () => number;
}

/** A client that walks through a snapshot names it with every request: this long its list is as good as new. */
const freshMs = 2_000;
const maximumLists = 200;

export function createSnapshotFinder({ ask, now }: SnapshotFinderDependencies): SnapshotFinder {
  const lists = new Map<number, { readonly snapshots: readonly ViewSnapshot[]; readonly readAtMs: number }>();

  async function list(repositoryId: number, signal: AbortSignal): Promise<readonly ViewSnapshot[]> {
    const known = lists.get(repositoryId);
    if (known !== undefined && Math.abs(now() - known.readAtMs) < freshMs) return known.snapshots;
    const { head } = await ask(repositoryId, { kind: "snapshots" }, { signal });
    if (lists.size >= maximumLists) lists.clear();
    lists.set(repositoryId, { snapshots: head.snapshots, readAtMs: now() });
    return head.snapshots;
  }

  return {
    list,
    async find(repositoryId, reference, signal) {
      if (isFullId(reference)) return reference;
      const found = findReferenced(reference, await list(repositoryId, signal));
      if (found.kind === "found") return found.id;
      if (found.kind === "none") {
        const what = reference === "latest" ? "no snapshot yet" : `no snapshot ${reference}`;
        throw new NotFoundError(`there is ${what} in backup repository ${repositoryId}`);
      }
      const { candidates } = found;
      throw new ConflictError(
        `${reference} is the beginning of ${candidates.length} snapshots; write more of it`,
        candidates.slice(0, 20).map(({ id, takenAtMs }) => ({
          field: "snapshotId",
          value: id,
          message: `taken at ${new Date(takenAtMs).toISOString()}`,
        })),
      );
    },
  };
}
