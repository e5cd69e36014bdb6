import assert from "node:assert/strict";
import { chmod, readdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { openLocalBackend } from "@mycloud/backup/backend/local";
import { openRepository } from "@mycloud/backup/repository";
import { password } from "./fault-site.ts";

export const damageableTypes = ["config", "key", "index", "snapshot", "tree pack", "data pack"] as const;
export type DamageableType = (typeof damageableTypes)[number];

export type DamageKind = "bit flip" | "truncation";

/** Damages one object of this type in a repository; returns its name as messages have it, e.g. `data/ab12...`. */
export async function damageObject(location: string, type: DamageableType, kind: DamageKind): Promise<string> {
  const object = await findObject(location, type);
  await damageNamed(location, object, kind);
  return object;
}

/** Damages the object of this name. */
export async function damageNamed(location: string, object: string, kind: DamageKind): Promise<void> {
  const file = join(location, object.replace(/^data\/(..)/, "data/$1/$1"));
  const bytes = await readFile(file);
  await chmod(file, 0o600);
  if (kind === "truncation") await truncate(file, bytes.length >> 1);
  else {
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    await writeFile(file, bytes);
  }
}

/**
 * Flips a bit of the largest pack, whoever has the key; returns its name. That is one of files' content, which the source still has: what
 * is in the directories above it, such as the temporary one, changes all the time.
 */
export async function damageLargestPack(location: string): Promise<string> {
  const data = join(location, "data");
  const packs = (await readdir(data, { recursive: true })).filter((path) => path.length > 60);
  const sized = await Promise.all(packs.map(async (path) => ({ path, size: (await stat(join(data, path))).size })));
  const largest = sized.sort((a, b) => b.size - a.size)[0];
  assert.ok(largest, `${location} has packs`);
  const name = basename(largest.path);
  await damageNamed(location, `data/${name}`, "bit flip");
  return name;
}

/** An object that matters: of packs and index files, the ones with the most blobs; of snapshots, the newest. */
async function findObject(location: string, type: DamageableType): Promise<string> {
  const backend = openLocalBackend(location);
  const repository = await openRepository(backend, password, { cacheDirectory: null, now: Date.now });
  if (type === "config") return "config";
  if (type === "key") return `keys/${repository.keyId}`;
  if (type === "snapshot") {
    const snapshots = await Promise.all(
      (await backend.list("snapshots")).map(async ({ name }) => ({
        name,
        document: await repository.loadUnpacked("snapshots", name),
      })),
    );
    const time = (document: unknown) => String(Object(document).time);
    snapshots.sort((a, b) => (time(a.document) < time(b.document) ? 1 : -1));
    return `snapshots/${snapshots[0]?.name}`;
  }
  await repository.loadIndex();
  const packs = Array.from(repository.index.packs(), ({ id, indexIds }) => ({
    id,
    indexIds,
    blobs: repository.index.blobsOfPack(id),
  }));
  packs.sort((a, b) => b.blobs.length - a.blobs.length);
  const pack = packs.find(
    ({ blobs }) => type === "index" || blobs[0]?.type === (type === "tree pack" ? "tree" : "data"),
  );
  assert.ok(pack);
  return type === "index" ? `index/${pack.indexIds[0]}` : `data/${pack.id}`;
}
