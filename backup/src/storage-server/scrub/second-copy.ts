import { createHash } from "node:crypto";
import { readdir, readFile, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { writeFileDurably } from "../../durable-file/index.ts";
import { hashFile } from "../object/hash-file.ts";
import { readConfigRecord } from "../object/store-object.ts";
import { type ListedType, type OpenRepository, relativePathOf, type StoredObject } from "../repository/index.ts";
import { makeDirectory } from "../trash/index.ts";

/**
 * What the server keeps a second copy of, beside its other records: all but packs. It is about a thousandth of a repository, nobody can make
 * it anew (but for indexes), and without config and keys the rest is worth nothing.
 */
export const copiedTypes = ["keys", "snapshots", "index"] as const satisfies readonly ListedType[];

/** Larger ones are not copied, for they are read whole. restic's and our indexes have at most some megabytes. */
const maximumCopyBytes = 64 * 1024 * 1024;

function isCopied({ type }: StoredObject): boolean {
  return type === "config" || copiedTypes.some((copied) => copied === type);
}

/** The SHA-256 that the object must have; null when that is not known. */
async function expectedHash(repository: OpenRepository, { type, name }: StoredObject): Promise<string | null> {
  return type === "config" ? await readConfigRecord(repository) : name;
}

/** Makes the second copy of an object that was found good, unless there is a good one. `beforeRead` may delay. */
export async function keepCopy(
  repository: OpenRepository,
  object: StoredObject,
  beforeRead: (bytes: number) => Promise<void>,
): Promise<void> {
  if (!isCopied(object)) return;
  const copy = repository.layout.copy(object);
  const expected = await expectedHash(repository, object);
  const present = await hashFile(copy, beforeRead).catch(() => null);
  if (expected === null || present?.sha256 === expected) return;
  await repository.mutex.run(relativePathOf(object), async () => {
    const bytes = await readGood(repository.layout.object(object), expected);
    if (bytes === null) return;
    await makeDirectory(dirname(copy));
    await writeFileDurably(copy, bytes);
  });
}

/** Puts the second copy in the place of an object that was found bad. False when there is no good copy. The caller has the object's mutex. */
export async function replaceByCopy(repository: OpenRepository, object: StoredObject): Promise<boolean> {
  if (!isCopied(object)) return false;
  const expected = await expectedHash(repository, object);
  const bytes = expected === null ? null : await readGood(repository.layout.copy(object), expected);
  if (bytes === null) return false;
  await writeFileDurably(repository.layout.object(object), bytes);
  return true;
}

/** Drops the copy of an object that was deleted. */
export async function dropCopy(repository: OpenRepository, object: StoredObject): Promise<void> {
  if (isCopied(object)) await unlink(repository.layout.copy(object)).catch(() => undefined);
}

/** Drops copies of what is not there any more, whoever took it away. One of a wanted object stays. */
export async function dropStrayCopies(repository: OpenRepository): Promise<void> {
  for (const type of copiedTypes) {
    const directory = dirname(repository.layout.copy({ type, name: "x" }));
    for (const name of await readdir(directory).catch(() => [])) {
      const object = { type, name };
      const isThere = (await stat(repository.layout.object(object)).catch(() => null)) !== null;
      if (!isThere && !repository.wanted.has(object)) await dropCopy(repository, object);
    }
  }
}

/** The bytes of a file, if they are what they should be. */
async function readGood(path: string, sha256: string): Promise<Buffer | null> {
  const info = await stat(path).catch(() => null);
  if (info === null || info.size > maximumCopyBytes) return null;
  const bytes = await readFile(path).catch(() => null);
  return bytes !== null && createHash("sha256").update(bytes).digest("hex") === sha256 ? bytes : null;
}
