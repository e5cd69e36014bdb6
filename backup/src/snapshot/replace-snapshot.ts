import type { Id } from "../blob/index.ts";
import { addHold, listHolds, removeHold } from "../hold/index.ts";
import type { Repository } from "../repository/repository.ts";
import { saveSnapshot } from "./save-snapshot.ts";
import type { Snapshot, StoredSnapshot } from "./snapshot.ts";

/** What may be different in a snapshot that is stored again. */
export type SnapshotChanges = Partial<Pick<Snapshot, "tags" | "tree" | "summary">>;

/**
 * Stores a snapshot again with some changes and everything else as it was, also fields we do not know; returns its id. It names the first
 * of its kind as its `original`, and keeps that one's place in the order of arrival.
 */
export async function saveChangedSnapshot(
  repository: Pick<Repository, "saveUnpacked">,
  old: StoredSnapshot,
  changes: SnapshotChanges,
  signal?: AbortSignal,
): Promise<Id> {
  const { id, sequence, tags = [], ...fields } = { ...old, ...changes };
  const arrival = sequence === null ? {} : { arrival_sequence: sequence };
  const tagged = tags.length === 0 ? {} : { tags };
  return saveSnapshot(repository, { ...fields, ...tagged, ...arrival, original: old.original ?? id }, signal);
}

/** As `saveChangedSnapshot`; then moves a hold from the old snapshot to the new one, and removes the old one. Killed in between, both are there. */
export async function replaceSnapshot(
  repository: Pick<Repository, "saveUnpacked" | "backend">,
  old: StoredSnapshot,
  changes: SnapshotChanges,
  signal?: AbortSignal,
): Promise<Id> {
  const { backend } = repository;
  const newId = await saveChangedSnapshot(repository, old, changes, signal);
  const hold = (await listHolds(backend, signal)).find(({ snapshot }) => snapshot === old.id);
  if (hold !== undefined) {
    await addHold(backend, { ...hold, snapshot: newId }, signal);
    await removeHold(backend, old.id, signal);
  }
  await backend.remove({ type: "snapshots", name: old.id }, signal);
  return newId;
}
