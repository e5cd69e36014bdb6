import { link, mkdir, rename, rmdir, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncDirectory } from "../../durable-file/index.ts";
import { ExistsError, NotFoundError } from "../../error/index.ts";
import { readUptimeMs } from "../clock/server-clock.ts";
import {
  type ObjectType,
  type RepositoryLayout,
  type StateLayout,
  stateLayout,
} from "../repository/repository-layout.ts";
import { recordNameOf } from "../repository/repository-name.ts";
import {
  emptyTrashBefore,
  emptyTrashedRepositories,
  makeDirectory,
  readTrash,
  readTrashedRepositories,
  type TrashEntry,
} from "../trash/trash.ts";
import { listRepositories, namesOf } from "./administration.ts";

/** An object in the trash. */
export interface TrashedObject {
  readonly repository: string;
  readonly type: ObjectType;
  readonly name: string;
  readonly sizeBytes: number;
  /** Unix time by the server's clock at the time; for people. */
  readonly trashedAtMs: number;
  /** How much of the server's running time has passed since. */
  readonly ageMs: number;
}

/** How much something concerned. */
export interface TrashAmount {
  readonly objects: number;
  readonly bytes: number;
}

/** What is in the trash of a repository, oldest first; of all when none is named. Throws NotFoundError. */
export async function listTrash(stateDirectory: string, repository?: string): Promise<readonly TrashedObject[]> {
  const state = stateLayout(stateDirectory);
  const uptimeMs = await readUptimeMs(state.clockFile);
  const lists = await Promise.all(
    (await namesOf(stateDirectory, repository)).map(async (name) =>
      (await readTrash(state.repository(name).trash)).map((entry) => ({
        repository: name,
        type: entry.type,
        name: entry.name,
        sizeBytes: entry.sizeBytes,
        trashedAtMs: entry.trashedAtMs,
        // The server writes its clock once a minute.
        ageMs: Math.max(0, uptimeMs - entry.trashedAtUptimeMs),
      })),
    ),
  );
  return lists.flat().sort((a, b) => b.ageMs - a.ageMs);
}

/**
 * Deletes for good what is in the trash of a repository (of all, deleted repositories included, when none is named) for longer than
 * `olderThanMs` of the server's running time; 0, the default, is everything. Throws NotFoundError.
 */
export async function emptyTrash(
  stateDirectory: string,
  options: { readonly repository?: string; readonly olderThanMs?: number },
): Promise<TrashAmount> {
  const state = stateLayout(stateDirectory);
  const { repository, olderThanMs = 0 } = options;
  const beforeMs = olderThanMs === 0 ? Number.POSITIVE_INFINITY : (await readUptimeMs(state.clockFile)) - olderThanMs;
  let objects = 0;
  let bytes = 0;
  for (const name of await namesOf(stateDirectory, repository)) {
    const emptied = await emptyTrashBefore(state.repository(name).trash, beforeMs);
    objects += emptied.objects;
    bytes += emptied.bytes;
  }
  if (repository === undefined) await emptyTrashedRepositories(state.trashedRepositories, beforeMs);
  return { objects, bytes };
}

/** What is put back: everything, or of some types, or names that start with one of some prefixes. */
export interface UndeleteSelection {
  readonly types?: readonly ObjectType[];
  readonly prefixes?: readonly string[];
}

/**
 * Puts deleted objects back where they were; what is there already stays. A repository that was deleted as a whole comes back as a whole.
 * The server may run meanwhile. Throws NotFoundError, ExistsError.
 */
export async function undelete(
  stateDirectory: string,
  repository: string,
  selection: UndeleteSelection = {},
): Promise<TrashAmount> {
  const state = stateLayout(stateDirectory);
  if (!(await listRepositories(stateDirectory)).includes(repository)) await restoreRepository(state, repository);
  const layout = state.repository(repository);
  const chosen = (await readTrash(layout.trash)).filter((entry) => isChosen(entry, selection));
  let objects = 0;
  let bytes = 0;
  // What others refer to first: packs, then the indexes that name them, snapshots last.
  for (const type of ["config", "keys", "data", "index", "holds", "snapshots"] as const) {
    for (const entry of chosen.filter((each) => each.type === type)) {
      if (!(await restoreObject(layout, entry))) continue;
      objects++;
      bytes += entry.sizeBytes;
    }
  }
  return { objects, bytes };
}

/** Whether an entry is to be put back. Pure. */
function isChosen({ type, name }: TrashEntry, { types, prefixes }: UndeleteSelection): boolean {
  const hasType = types === undefined || types.includes(type);
  return hasType && (prefixes === undefined || prefixes.some((prefix) => name.startsWith(prefix)));
}

async function restoreObject(layout: RepositoryLayout, entry: TrashEntry): Promise<boolean> {
  const target = layout.object({ type: entry.type, name: entry.name });
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  try {
    // A link refuses to replace what is there.
    await link(entry.path, target);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    // It is there again, or was deleted from the trash a moment ago.
    if (code === "EEXIST" || code === "ENOENT") return false;
    throw error;
  }
  await syncDirectory(dirname(target));
  await unlink(entry.path).catch(() => undefined);
  return true;
}

async function restoreRepository(state: StateLayout, repository: string): Promise<void> {
  const deleted = (await readTrashedRepositories(state.trashedRepositories))
    .filter(({ recordName }) => recordName === recordNameOf(repository))
    .at(-1);
  if (deleted === undefined)
    throw new NotFoundError(`there is no repository "${repository}", nor was one deleted lately`);
  const layout = state.repository(repository);
  if ((await stat(layout.directory).catch(() => null)) !== null)
    throw new ExistsError(`${layout.directory} is in the way of the repository "${repository}"`);
  await makeDirectory(dirname(layout.records));
  await rename(join(deleted.path, "records"), layout.records).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  await makeDirectory(dirname(layout.directory));
  await rename(join(deleted.path, "repository"), layout.directory);
  await syncDirectory(dirname(layout.directory));
  await rmdir(deleted.path).catch(() => undefined);
}
