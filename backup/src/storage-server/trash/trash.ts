import { mkdir, readdir, rename, rm, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncDirectory } from "../../durable-file/index.ts";
import { reachFaultPoint } from "../../fault-point/index.ts";
import { listedTypes, type ObjectType, type StoredObject } from "../repository/repository-layout.ts";

/** A file in the trash. */
export interface TrashEntry {
  readonly type: ObjectType;
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
  /** The server's uptime when it came. */
  readonly trashedAtUptimeMs: number;
  /** Unix time by the wall clock of then, for people. */
  readonly trashedAtMs: number;
}

const entryForm = /^(config|[0-9a-f]{64})\.(\d{1,15})$/;

/** Moves a file to the trash, durably. False when there is no such file. */
export async function moveToTrash(
  path: string,
  trash: string,
  object: StoredObject,
  uptimeMs: number,
): Promise<boolean> {
  const directory = join(trash, object.type);
  await makeDirectory(directory);
  const stamped = `${object.type === "config" ? "config" : object.name}.${Math.floor(uptimeMs)}`;
  try {
    await rename(path, join(directory, stamped));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
  reachFaultPoint("storage/trashed");
  // Its new name first: after a crash it may be in both places, never in none.
  await syncDirectory(directory);
  await syncDirectory(dirname(path));
  reachFaultPoint("storage/trash-synced");
  return true;
}

/** Whether an object of this name was deleted and can still be put back. */
export async function isInTrash(trash: string, { type, name }: StoredObject): Promise<boolean> {
  const start = `${type === "config" ? "config" : name}.`;
  return (await readdir(join(trash, type)).catch(() => [])).some((file) => file.startsWith(start));
}

/** Makes a directory and its parents, each durable in the one above. */
export async function makeDirectory(directory: string): Promise<void> {
  const first = await mkdir(directory, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = directory; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made));
}

/** What is in a trash, oldest first. */
export async function readTrash(trash: string): Promise<readonly TrashEntry[]> {
  const entries: TrashEntry[] = [];
  for (const type of [...listedTypes, "config"] as const) {
    const directory = join(trash, type);
    for (const file of await readdir(directory).catch(() => [])) {
      const [, name, uptime] = entryForm.exec(file) ?? [];
      if (name === undefined) continue;
      const path = join(directory, file);
      const info = await stat(path).catch(() => null);
      if (info === null) continue;
      entries.push({
        type,
        name: type === "config" ? "" : name,
        path,
        sizeBytes: info.size,
        trashedAtUptimeMs: Number(uptime),
        // Renaming is what last changed the inode.
        trashedAtMs: info.ctimeMs,
      });
    }
  }
  return entries.sort((a, b) => a.trashedAtUptimeMs - b.trashedAtUptimeMs);
}

/** Deletes what came before `beforeUptimeMs`; returns what that freed. */
export async function emptyTrashBefore(
  trash: string,
  beforeUptimeMs: number,
): Promise<{ objects: number; bytes: number }> {
  let objects = 0;
  let bytes = 0;
  for (const entry of await readTrash(trash)) {
    if (entry.trashedAtUptimeMs > beforeUptimeMs) continue;
    await unlink(entry.path).catch((error: NodeJS.ErrnoException) => {
      // Somebody put it back or emptied the trash meanwhile.
      if (error.code !== "ENOENT") throw error;
    });
    objects++;
    bytes += entry.sizeBytes;
  }
  return { objects, bytes };
}

/** A repository that was deleted as a whole. */
export interface TrashedRepository {
  readonly recordName: string;
  readonly path: string;
  readonly trashedAtUptimeMs: number;
}

/** The repositories in the trash, oldest first. */
export async function readTrashedRepositories(directory: string): Promise<readonly TrashedRepository[]> {
  const names = await readdir(directory).catch(() => []);
  return names
    .flatMap((name) => {
      const [, recordName, uptime] = /^([A-Za-z0-9._+-]+)\.(\d{1,15})$/.exec(name) ?? [];
      if (recordName === undefined) return [];
      return [{ recordName, path: join(directory, name), trashedAtUptimeMs: Number(uptime) }];
    })
    .sort((a, b) => a.trashedAtUptimeMs - b.trashedAtUptimeMs);
}

/** Deletes repositories that came before `beforeUptimeMs`; returns how many. */
export async function emptyTrashedRepositories(directory: string, beforeUptimeMs: number): Promise<number> {
  const expired = (await readTrashedRepositories(directory)).filter(
    (entry) => entry.trashedAtUptimeMs <= beforeUptimeMs,
  );
  for (const { path } of expired) await rm(path, { recursive: true, force: true });
  return expired.length;
}
