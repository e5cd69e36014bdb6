import { readdir, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isId } from "../../blob/index.ts";
import { syncDirectory } from "../../durable-file/index.ts";
import { reachFaultPoint } from "../../fault-point/index.ts";
import { listedTypes, type OpenRepository, relativePathOf, type StoredObject } from "../repository/index.ts";
import { makeDirectory, moveToTrash } from "../trash/index.ts";
import { replaceByCopy } from "./second-copy.ts";

/** What was found wrong, and when (Unix time in ms). */
export interface Finding {
  readonly reason: string;
  readonly foundAtMs: number;
  /** The file that was read; another may have come to its place since. Null when it could not be read. */
  readonly inode: bigint | null;
  /** Called when the object is not on the wanted list yet, before it gets there: a crash in between tells of it twice, not never. */
  readonly tell: () => Promise<void>;
}

/** What became of a bad object; "another" when another file has taken its place since it was judged. */
export type Outcome = "replaced" | "quarantined" | "another";

/**
 * Replaces a bad object by its second copy, where there is one. Else puts it on the wanted list and moves it out of the repository's sight;
 * `config` stays where it is: without one nothing works, and it can be replaced by what it was.
 */
export async function quarantineObject(
  repository: OpenRepository,
  object: StoredObject,
  { reason, foundAtMs, inode, tell }: Finding,
): Promise<Outcome> {
  return await repository.mutex.run(relativePathOf(object), async () => {
    const path = repository.layout.object(object);
    const present = await stat(path, { bigint: true }).catch(() => null);
    if (present !== null && inode !== null && present.ino !== inode) return "another";
    if (!repository.wanted.has(object)) await tell();
    if (await replaceByCopy(repository, object)) {
      await repository.wanted.remove(object);
      return "replaced";
    }
    await repository.wanted.add({ ...object, reason, foundAtMs });
    if (object.type !== "config") await moveToQuarantine(repository, object);
    return "quarantined";
  });
}

async function moveToQuarantine(repository: OpenRepository, object: StoredObject): Promise<void> {
  const from = repository.layout.object(object);
  const directory = join(repository.layout.quarantine, object.type);
  await makeDirectory(directory);
  repository.usage.moving();
  await rename(from, join(directory, object.name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  repository.usage.moving();
  reachFaultPoint("storage/quarantined");
  await syncDirectory(directory);
  await syncDirectory(dirname(from));
}

/** Ends what a crash interrupted between the wanted list, the quarantine and the repository. Call it when a repository is opened. */
export async function reconcileQuarantine(repository: OpenRepository, uptimeMs: number): Promise<void> {
  const isThere = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null;
  for (const object of repository.wanted.all()) {
    if (object.type === "config") continue;
    const inPlace = await isThere(repository.layout.object(object));
    const inQuarantine = await isThere(join(repository.layout.quarantine, object.type, object.name));
    // Both: a good one came after the bad one was put away. Neither: it was deleted.
    if (inPlace === inQuarantine) await repository.wanted.remove(object);
    else if (inPlace) await moveToQuarantine(repository, object);
  }
  for (const type of listedTypes) {
    for (const name of await readdir(join(repository.layout.quarantine, type)).catch(() => [])) {
      if (!isId(name) || repository.wanted.has({ type, name })) continue;
      await moveToTrash(
        join(repository.layout.quarantine, type, name),
        repository.layout.trash,
        { type, name },
        uptimeMs,
      );
    }
  }
}
