import { readdir, rename, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncDirectory } from "../../durable-file/index.ts";
import { reachFaultPoint } from "../../fault-point/index.ts";
import { makeDirectory, readTrashedRepositories } from "../trash/trash.ts";
import type { RepositoryLayout, StateLayout } from "./repository-layout.ts";
import { recordNameOf, repositoryOfRecordName } from "./repository-name.ts";

/** Moves a whole repository, and then the server's records of it, to the trash of repositories, durably. */
export async function trashRepository(state: StateLayout, layout: RepositoryLayout, uptimeMs: number): Promise<void> {
  const place = join(state.trashedRepositories, `${recordNameOf(layout.name)}.${Math.floor(uptimeMs)}`);
  await makeDirectory(place);
  await rename(layout.directory, join(place, "repository"));
  reachFaultPoint("storage/repository-trashed");
  await syncDirectory(place);
  await syncDirectory(dirname(layout.directory));
  await moveRecords(layout, place);
  await removeEmptyParents(state.repositories, layout.name);
}

/** Ends what a crash interrupted in `trashRepository`. Call it before any repository is opened or made. */
export async function finishTrashing(state: StateLayout): Promise<void> {
  // The newest first: records that are left belong to what was deleted last.
  for (const { recordName, path } of (await readTrashedRepositories(state.trashedRepositories)).toReversed()) {
    const parts = await readdir(path);
    const layout = state.repository(repositoryOfRecordName(recordName));
    if (parts.length === 0) await rmdir(path);
    else if (!parts.includes("records") && (await isAbsent(layout.directory))) await moveRecords(layout, path);
  }
}

async function moveRecords({ records }: RepositoryLayout, place: string): Promise<void> {
  await rename(records, join(place, "records")).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  await syncDirectory(place);
}

async function isAbsent(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) === null;
}

// A name of several parts leaves directories behind that would be in the way of nobody, but should not stay for ever.
async function removeEmptyParents(root: string, name: string): Promise<void> {
  for (let parent = dirname(name); parent !== "."; parent = dirname(parent)) {
    // Fails where it is not empty, and then those above are not either.
    const isRemoved = await rmdir(join(root, parent)).then(
      () => true,
      () => false,
    );
    if (!isRemoved) return;
  }
}
