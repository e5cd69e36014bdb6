import { openBackend } from "../backend/index.ts";
import { openRepository, type Repository } from "../repository/index.ts";
import { createSnapshotView, type SnapshotView } from "../snapshot-view/index.ts";
import { boundCache } from "./bound-cache.ts";
import type { RepositoryAccess } from "./reader-message.ts";

export interface OpenRepositoriesOptions {
  readonly cacheDirectory: string | null;
  readonly findAccess: (repository: string) => Promise<RepositoryAccess>;
  readonly now: () => number;
}

const openAtOnce = 8;
/** Of the indexes of all that are open. */
const indexBytesInAll = 512 * 1024 * 1024;
const bytesOfBlobInIndex = 64;
/** One that nobody asks for is closed. */
const idleMs = 5 * 60_000;
const cacheBytesInAll = 2 * 1024 ** 3;
const cacheBytesOfOne = 512 * 1024 ** 2;

interface Opened {
  readonly repository: Repository;
  readonly view: SnapshotView;
}

interface Entry {
  readonly opened: Promise<Opened>;
  /** Known once it is open. */
  repository: Repository | null;
  users: number;
  closing: ReturnType<typeof setTimeout> | undefined;
}

/** Repositories that are open because somebody asked about them lately. */
export class OpenRepositories {
  readonly #options: OpenRepositoriesOptions;
  /** Least lately used first. */
  readonly #entries = new Map<string, Entry>();

  constructor(options: OpenRepositoriesOptions) {
    this.#options = options;
  }

  /** Does some work with a repository, which is opened when it is not and stays open until the work is done. */
  async use<Result>(name: string, work: (view: SnapshotView) => Promise<Result>): Promise<Result> {
    const entry = this.#entries.get(name) ?? this.#open(name);
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    clearTimeout(entry.closing);
    entry.users++;
    try {
      return await work((await entry.opened).view);
    } finally {
      entry.users--;
      this.#closeLater(name, entry);
      this.#makeRoom();
    }
  }

  #open(name: string): Entry {
    const opened = this.#openView(name);
    const entry: Entry = { opened, repository: null, users: 0, closing: undefined };
    opened.then(
      ({ repository }) => {
        entry.repository = repository;
      },
      // Whoever asks next tries again.
      () => {
        if (this.#entries.get(name) === entry) this.#entries.delete(name);
      },
    );
    return entry;
  }

  async #openView(name: string): Promise<Opened> {
    const { cacheDirectory, findAccess, now } = this.#options;
    const access = await findAccess(name);
    let token = access.token;
    const backend = await openBackend(access.location, {
      // The first one comes with the password; each further is asked for, since the one before was refused.
      readCredentials: async () => {
        const known = token ?? (await findAccess(name)).token;
        token = null;
        return known === null ? null : { token: known };
      },
      ...(access.certificateAuthority === null ? {} : { certificateAuthority: access.certificateAuthority }),
      // Somebody waits in front of a screen.
      retry: { totalMs: 5_000 },
    });
    try {
      const cacheCapacityBytes = cacheBytesOfOne;
      const repository = await openRepository(backend, access.password, { cacheDirectory, cacheCapacityBytes, now });
      if (cacheDirectory !== null) await boundCache(cacheDirectory, cacheBytesInAll, this.#idsInUse(repository));
      return { repository, view: createSnapshotView(repository, { now }) };
    } catch (error) {
      await backend.close().catch(() => undefined);
      throw error;
    }
  }

  #idsInUse(opened: Repository): Set<string> {
    const open = [...this.#entries.values()].flatMap(({ repository }) => (repository === null ? [] : [repository]));
    return new Set([opened, ...open].map(({ config }) => config.id));
  }

  #closeLater(name: string, entry: Entry): void {
    if (entry.users > 0 || this.#entries.get(name) !== entry) return;
    clearTimeout(entry.closing);
    entry.closing = setTimeout(() => this.#close(name, entry), idleMs);
    entry.closing.unref();
  }

  #makeRoom(): void {
    for (const [name, entry] of this.#entries) {
      if (this.#entries.size <= openAtOnce && this.#indexBytes() <= indexBytesInAll) return;
      // One alone may have more; it is closed when the next one is opened.
      if (entry.users === 0 && this.#entries.size > 1) this.#close(name, entry);
    }
  }

  #indexBytes(): number {
    let blobs = 0;
    for (const { repository } of this.#entries.values()) blobs += repository?.index.blobNumberLimit ?? 0;
    return blobs * bytesOfBlobInIndex;
  }

  #close(name: string, entry: Entry): void {
    if (entry.users > 0) return;
    clearTimeout(entry.closing);
    this.#entries.delete(name);
    entry.opened.then(({ repository }) => repository.close()).catch(() => undefined);
  }
}
