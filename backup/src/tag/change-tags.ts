import type { Id } from "../blob/index.ts";
import { withLock } from "../lock/index.ts";
import type { Repository } from "../repository/repository.ts";
import { chooseSnapshots, replaceSnapshot, type SnapshotChoice } from "../snapshot/index.ts";
import { changedTags, checkTagChanges, type TagChanges } from "./tag-changes.ts";

export interface ChangeTagsOptions extends SnapshotChoice {
  readonly changes: TagChanges;
  /** How long to wait for the lock. */
  readonly retryForMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** A snapshot that was stored again. */
export interface ChangedSnapshot {
  readonly oldId: Id;
  readonly newId: Id;
}

/**
 * Changes the tags of snapshots, under an exclusive lock; those that have these tags already are left as they are. The new file is stored
 * before the old one goes. Throws InputError, NotFoundError, LockedError, and NotAllowedError where nothing may be removed.
 */
export async function changeTags(
  repository: Repository,
  options: ChangeTagsOptions,
): Promise<readonly ChangedSnapshot[]> {
  const { changes, retryForMs, signal } = options;
  checkTagChanges(changes);
  return withLock(repository, { isExclusive: true, retryForMs, signal }, async (held) => {
    const changed: ChangedSnapshot[] = [];
    for (const snapshot of await chooseSnapshots(repository, options, held)) {
      const tags = changedTags(snapshot.tags ?? [], changes);
      if (tags === null) continue;
      const newId = await replaceSnapshot(repository, snapshot, { tags }, held);
      changed.push({ oldId: snapshot.id, newId });
    }
    return changed;
  });
}
