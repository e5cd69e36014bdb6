import { mkdir, open, readFile, rename, unlink, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Id, idOf } from "../blob/index.ts";
import { temporaryPathFor } from "../durable-file/index.ts";
import { listEntries, selectEvicted } from "./eviction.ts";

export const cachedTypes = ["index", "snapshots", "data"] as const;
export type CachedType = (typeof cachedTypes)[number];

/** The cached files of one repository. Nothing here throws: what does not work is not cached. */
export interface RepositoryCache {
  /** A whole file, compared with its name; null when it is not there or damaged. */
  get(type: string, id: Id): Promise<Uint8Array | null>;
  /** A part of a pack; not compared with anything, so blobs must be. Null when it is not there. */
  getRange(packId: Id, range: { readonly offset: number; readonly length: number }): Promise<Uint8Array | null>;
  /** Keeps a file whose name the caller has verified. Types that are not cached are passed over. */
  put(type: string, id: Id, bytes: Uint8Array): Promise<void>;
  /** Drops a file: it turned out to be damaged. */
  drop(type: string, id: Id): Promise<void>;
  /** Drops the files of a type that the repository does not have any more. */
  keepOnly(type: CachedType, ids: ReadonlySet<Id>): Promise<void>;
}

export interface CacheOptions {
  /** The present, in milliseconds since 1970: entries are as old as their last use. */
  readonly now: () => number;
  /** Bytes that packs of trees may take; 1 GiB. Index files and snapshots are always kept. */
  readonly capacityBytes?: number;
}

const defaultCapacityBytes = 1024 ** 3;

/** The cache of a repository below this directory, which others share. Null when the directory cannot be made. */
export async function openCache(
  directory: string,
  repositoryId: Id,
  options: CacheOptions,
): Promise<RepositoryCache | null> {
  const root = join(directory, repositoryId);
  try {
    for (const type of cachedTypes) await mkdir(join(root, type), { recursive: true, mode: 0o700 });
    // Backup tools, ours too, leave out directories marked so (https://bford.info/cachedir/).
    const tag = "Signature: 8a477f597d28d172789f06886806bc55\n";
    await writeFile(join(directory, "CACHEDIR.TAG"), tag, { mode: 0o600, flag: "wx" }).catch(() => undefined);
  } catch {
    return null;
  }
  return new DirectoryCache(root, options.now, options.capacityBytes ?? defaultCapacityBytes);
}

class DirectoryCache implements RepositoryCache {
  readonly #root: string;
  readonly #now: () => number;
  readonly #capacityBytes: number;
  #packBytes: number | null = null;

  constructor(root: string, now: () => number, capacityBytes: number) {
    this.#root = root;
    this.#now = now;
    this.#capacityBytes = capacityBytes;
  }

  async get(type: string, id: Id): Promise<Uint8Array | null> {
    const path = this.#pathOf(type, id);
    if (path === null) return null;
    const bytes = await readFile(path).catch(() => null);
    if (bytes === null) return null;
    if (idOf(bytes) === id) return bytes;
    await this.drop(type, id);
    return null;
  }

  async getRange(packId: Id, range: { readonly offset: number; readonly length: number }): Promise<Uint8Array | null> {
    const path = join(this.#root, "data", packId);
    try {
      await using file = await open(path, "r");
      const bytes = new Uint8Array(range.length);
      const { bytesRead } = await file.read(bytes, 0, range.length, range.offset);
      if (bytesRead < range.length) {
        await this.drop("data", packId);
        return null;
      }
      const now = this.#now() / 1000;
      await file.utimes(now, now).catch(() => undefined);
      return bytes;
    } catch {
      return null;
    }
  }

  async put(type: string, id: Id, bytes: Uint8Array): Promise<void> {
    const path = this.#pathOf(type, id);
    if (path === null || (type === "data" && bytes.length > this.#capacityBytes / 4)) return;
    const temporary = temporaryPathFor(path);
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      // Not synced: a file that a crash spoils has not the content of its name, and is dropped when it is read.
      await writeFile(temporary, bytes, { mode: 0o600, flag: "wx" });
      const now = this.#now() / 1000;
      await utimes(temporary, now, now);
      await rename(temporary, path);
      if (type === "data") await this.#makeRoom(bytes.length);
    } catch {
      await unlink(temporary).catch(() => undefined);
    }
  }

  async drop(type: string, id: Id): Promise<void> {
    const path = this.#pathOf(type, id);
    if (path !== null) await unlink(path).catch(() => undefined);
  }

  async keepOnly(type: CachedType, ids: ReadonlySet<Id>): Promise<void> {
    for (const { path, name } of await listEntries(join(this.#root, type))) {
      if (!ids.has(name)) await unlink(path).catch(() => undefined);
    }
    if (type === "data") this.#packBytes = null;
  }

  async #makeRoom(addedBytes: number): Promise<void> {
    if (this.#packBytes !== null) this.#packBytes += addedBytes;
    if (this.#packBytes !== null && this.#packBytes <= this.#capacityBytes) return;
    const entries = await listEntries(join(this.#root, "data"));
    const evicted = selectEvicted(entries, this.#capacityBytes);
    for (const { path } of evicted) await unlink(path).catch(() => undefined);
    const sum = (of: readonly { sizeBytes: number }[]) => of.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0);
    this.#packBytes = sum(entries) - sum(evicted);
  }

  #pathOf(type: string, id: Id): string | null {
    return cachedTypes.some((cached) => cached === type) ? join(this.#root, type, id) : null;
  }
}
