import { stat } from "node:fs/promises";
import { NotFoundError } from "../../error/index.ts";
import { countRepository } from "../quota/usage.ts";
import { listRepositoryNames } from "../repository/open-repository.ts";
import { type ObjectType, type RepositoryLayout, stateLayout } from "../repository/repository-layout.ts";
import { openSnapshotOrder } from "../repository/snapshot-order.ts";
import { readScrubRecord } from "../scrub/scrub-record.ts";
import { readWanted, type WantedObject } from "../scrub/wanted-list.ts";
import { readTrash } from "../trash/trash.ts";

/** A repository as its files show it. */
export interface RepositoryStatus {
  readonly name: string;
  readonly bytes: number;
  readonly objects: Readonly<Record<ObjectType, number>>;
  readonly trashBytes: number;
  readonly trashedObjects: number;
  readonly wanted: readonly WantedObject[];
  /** Null until one came. */
  readonly lastSnapshotAtMs: number | null;
  /** When the last whole pass of the scrub began and ended; null before the first. */
  readonly lastScrub: { readonly startedAtMs: number; readonly finishedAtMs: number } | null;
}

/** The names of all repositories, sorted. */
export async function listRepositories(stateDirectory: string): Promise<readonly string[]> {
  return await listRepositoryNames(stateLayout(stateDirectory));
}

/** Every repository, or one, as its files show it. Throws NotFoundError. */
export async function readStorageStatus(
  stateDirectory: string,
  repository?: string,
): Promise<readonly RepositoryStatus[]> {
  const state = stateLayout(stateDirectory);
  const names = await namesOf(stateDirectory, repository);
  return await Promise.all(names.map((name) => readStatus(state.repository(name))));
}

/** All names, or the one asked for. Throws NotFoundError when there is no state directory or no such repository. */
export async function namesOf(stateDirectory: string, repository: string | undefined): Promise<readonly string[]> {
  const state = stateLayout(stateDirectory);
  if ((await stat(state.repositories).catch(() => null)) === null)
    throw new NotFoundError(`${stateDirectory} is no state directory of a storage server`);
  const names = await listRepositoryNames(state);
  if (repository === undefined) return names;
  if (!names.includes(repository))
    throw new NotFoundError(`there is no repository "${repository}" in ${stateDirectory}`);
  return [repository];
}

async function readStatus(layout: RepositoryLayout): Promise<RepositoryStatus> {
  const { bytes, trashBytes, objects } = await countRepository(layout);
  const order = await openSnapshotOrder(layout.orderFile, { isReadOnly: true });
  const { last } = await readScrubRecord(layout.scrubFile);
  return {
    name: layout.name,
    bytes,
    objects,
    trashBytes,
    trashedObjects: (await readTrash(layout.trash)).length,
    wanted: await readWanted(layout.wantedFile),
    lastSnapshotAtMs: order.latest()?.receivedAtMs ?? null,
    lastScrub: last === null ? null : { startedAtMs: last.startedAtMs, finishedAtMs: last.finishedAtMs },
  };
}
