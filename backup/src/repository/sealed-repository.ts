import type { Backend, FileHandle, FileInfo, FileType } from "../backend/index.ts";
import { type BlobLocation, type BlobType, type Id, idOf } from "../blob/index.ts";
import type { RepositoryCache } from "../cache/index.ts";
import { createDecompressor } from "../compression/index.ts";
import { type Cipher, createCipher, type MasterKey } from "../crypto/index.ts";
import { DamagedError, NotFoundError } from "../error/index.ts";
import { createBlobIndex, type TableBlobIndex } from "../index/index.ts";
import { type BlobOpener, createBlobOpener } from "../pack/index.ts";
import { decodeTree, type Node } from "../tree/index.ts";
import { DeferredWrites } from "./deferred-writes.ts";
import { loadBlobsTogether } from "./load-blobs-together.ts";
import { loadIndexFiles } from "./load-index-files.ts";
import type { LoadIndexOptions, Repository, RepositoryConfig } from "./repository.ts";
import { TreeMemory } from "./tree-memory.ts";
import { TreeStretches } from "./tree-stretches.ts";
import { decodeUnpacked, encodeUnpacked } from "./unpacked.ts";

const treeMemoryBytes = 8 * 1024 * 1024;

type DocumentType = Exclude<FileType, "keys" | "data" | "holds">;

/** A repository whose key is known. */
export class SealedRepository implements Repository {
  readonly backend: DeferredWrites;
  readonly config: RepositoryConfig;
  readonly key: MasterKey;
  readonly keyId: Id;
  readonly #cache: RepositoryCache | null;
  readonly #cipher: Cipher;
  readonly #opener: BlobOpener;
  readonly #decompressor = createDecompressor();
  readonly #trees = new TreeMemory(treeMemoryBytes);
  readonly #stretches = new TreeStretches((packId, range, signal) => this.#readTreeRange(packId, range, signal));
  #index: TableBlobIndex = createBlobIndex();
  #isIndexLoaded = false;

  constructor(options: {
    readonly backend: Backend;
    readonly config: RepositoryConfig;
    readonly key: MasterKey;
    readonly keyId: Id;
    readonly cache: RepositoryCache | null;
  }) {
    this.backend = new DeferredWrites(options.backend);
    this.config = options.config;
    this.key = options.key;
    this.keyId = options.keyId;
    this.#cache = options.cache;
    this.#cipher = createCipher(options.key);
    this.#opener = createBlobOpener(this.#cipher);
  }

  get index(): TableBlobIndex {
    return this.#index;
  }

  deferWrites(until: Promise<unknown>): void {
    this.backend.defer(until);
  }

  async loadIndex(signal?: AbortSignal, options: LoadIndexOptions = {}): Promise<void> {
    let files = await this.backend.list("index", signal);
    await this.#readIndex(files, signal, options).catch(async (error) => {
      // Without a lock, somebody may have replaced an index file since they were listed. What replaced it is there.
      if (!(error instanceof NotFoundError)) throw error;
      files = await this.backend.list("index", signal);
      await this.#readIndex(files, signal, options);
    });
    this.#isIndexLoaded = true;
    await this.#cache?.keepOnly("index", namesOf(files));
    if (this.#cache === null) return;
    await this.#cache.keepOnly("data", packIds(this.#index));
    await this.#cache.keepOnly("snapshots", namesOf(await this.backend.list("snapshots", signal)));
  }

  async #readIndex(
    files: readonly FileInfo[],
    signal: AbortSignal | undefined,
    options: LoadIndexOptions,
  ): Promise<void> {
    const index = createBlobIndex();
    // Built aside: a load that fails leaves the index that was there.
    const { onPart, ...rest } = options;
    const isInSight = onPart !== undefined && !this.#isIndexLoaded;
    if (isInSight) this.#index = index;
    await loadIndexFiles(this, index, files, signal, isInSight ? options : rest);
    this.#index = index;
  }

  async saveUnpacked(
    type: Exclude<FileType, "config" | "keys" | "data" | "holds">,
    document: unknown,
    signal?: AbortSignal,
  ): Promise<Id> {
    const json = Buffer.from(JSON.stringify(document));
    const sealed = this.#cipher.seal(encodeUnpacked(json, this.config.version));
    const id = idOf(sealed);
    await this.backend.save({ type, name: id }, sealed, signal);
    await this.#cache?.put(type, id, sealed);
    return id;
  }

  async loadUnpacked(type: DocumentType, id: Id, signal?: AbortSignal): Promise<unknown> {
    const json = await this.loadUnpackedBytes(type, id, signal);
    try {
      return JSON.parse(Buffer.from(json.buffer, json.byteOffset, json.length).toString("utf8"));
    } catch (cause) {
      throw new DamagedError(objectOf({ type, name: id }), "is no JSON, though its MAC is right", { cause });
    }
  }

  async loadUnpackedBytes(type: DocumentType, id: Id, signal?: AbortSignal): Promise<Uint8Array> {
    const handle: FileHandle = type === "config" ? { type, name: "" } : { type, name: id };
    const sealed = await this.#loadNamed(handle, signal);
    const plaintext = this.#cipher.open(sealed);
    if (plaintext === null)
      throw new DamagedError(
        objectOf(handle),
        "its MAC is wrong: bytes of it have changed, or it was sealed with another key",
      );
    const json = type === "config" ? plaintext : decodeUnpacked(plaintext);
    if (json === null) throw new DamagedError(objectOf(handle), "is in an encoding that is not known, or broken");
    return json;
  }

  async loadBlob(type: BlobType, id: Id, signal?: AbortSignal): Promise<Uint8Array> {
    const places = this.#index.findAll(type, id);
    if (places.length === 0) throw new NotFoundError(`no index mentions the ${type} blob ${id}`);
    let damage: DamagedError | null = null;
    // Twice: a read can be bad where the stored bytes are not.
    for (const place of [...places, ...places]) {
      try {
        signal?.throwIfAborted();
        const blob = this.#openBlob(await this.#loadRange(type, place, damage !== null, signal), place);
        if (idOf(blob) === id) return blob;
        damage ??= damageOf(place, `the ${type} blob ${id} has other content than its name says`);
      } catch (error) {
        if (error instanceof NotFoundError)
          damage ??= damageOf(place, "the index mentions it, but it does not exist", error);
        else if (error instanceof DamagedError) damage ??= error;
        else throw error;
      }
    }
    throw damage ?? new NotFoundError(`no index mentions the ${type} blob ${id}`);
  }

  async loadBlobs(ids: Iterable<Id>, signal?: AbortSignal): Promise<ReadonlyMap<Id, Uint8Array>> {
    return await loadBlobsTogether({ backend: this.backend, index: this.#index, opener: this.#opener }, ids, signal);
  }

  async loadTreePack(packId: Id, signal?: AbortSignal): Promise<Uint8Array> {
    return (await this.#cache?.get("data", packId)) ?? (await this.#fetchTreePack(packId, signal));
  }

  async #fetchTreePack(packId: Id, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const pack = await this.backend.load({ type: "data", name: packId }, undefined, signal);
    // A damaged pack may still have some blob whole, but it must not get into the cache.
    if (this.#cache !== null && idOf(pack) === packId) await this.#cache.put("data", packId, pack);
    return pack;
  }

  async loadTree(id: Id, signal?: AbortSignal): Promise<readonly Node[]> {
    const known = this.#trees.get(id);
    if (known !== null) return known;
    const bytes = await this.loadBlob("tree", id, signal);
    const nodes = decodeTree(bytes, `tree ${id}`);
    this.#trees.put(id, nodes, bytes.length);
    return nodes;
  }

  async close(): Promise<void> {
    await this.backend.close();
  }

  #openBlob(sealed: Uint8Array, place: BlobLocation): Uint8Array {
    const opened = this.#cipher.open(sealed);
    if (opened === null) throw damageOf(place, "the MAC is wrong: bytes have changed");
    if (place.uncompressedLength === null) return opened;
    const blob = this.#decompressor.decompress(opened, place.uncompressedLength);
    if (blob === null) throw damageOf(place, `does not decompress to ${place.uncompressedLength} bytes`);
    return blob;
  }

  /** A part of a pack; packs of trees are kept whole in the cache, because who reads one tree reads its neighbours. */
  async #loadRange(
    type: BlobType,
    place: BlobLocation,
    isPastCache: boolean,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    const { packId, offset, length } = place;
    if (type === "tree" && !isPastCache) return await this.#stretches.load(place, this.#index, signal);
    if (isPastCache) await this.#cache?.drop("data", packId);
    return await this.backend.load({ type: "data", name: packId }, { offset, length }, signal);
  }

  async #readTreeRange(
    packId: Id,
    range: { readonly offset: number; readonly length: number },
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    if (this.#cache === null) return await this.backend.load({ type: "data", name: packId }, range, signal);
    const cached = await this.#cache.getRange(packId, range);
    if (cached !== null) return cached;
    const pack = await this.#fetchTreePack(packId, signal);
    const { offset, length } = range;
    if (offset + length > pack.length)
      throw new DamagedError(`data/${packId}`, `has ${pack.length} bytes, at least ${offset + length} were expected`);
    return pack.subarray(offset, offset + length);
  }

  /** A whole file, compared with its name (config has none); read twice before it is called damaged. */
  async #loadNamed(handle: FileHandle, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const cached = handle.name === "" ? null : ((await this.#cache?.get(handle.type, handle.name)) ?? null);
    if (cached !== null) return cached;
    for (let attempt = 1; ; attempt++) {
      const bytes = await this.backend.load(handle, undefined, signal);
      if (handle.name === "") return bytes;
      if (idOf(bytes) === handle.name) {
        await this.#cache?.put(handle.type, handle.name, bytes);
        return bytes;
      }
      if (attempt === 2)
        throw new DamagedError(objectOf(handle), "is not what its name says: bytes of it have changed");
    }
  }
}

function objectOf(handle: FileHandle): string {
  return handle.name === "" ? handle.type : `${handle.type}/${handle.name}`;
}

function damageOf({ packId, offset, length }: BlobLocation, message: string, cause?: unknown): DamagedError {
  return new DamagedError(`data/${packId}`, `${message} (bytes ${offset} to ${offset + length})`, { cause });
}

function namesOf(files: readonly FileInfo[]): Set<Id> {
  return new Set(files.map(({ name }) => name));
}

function packIds(index: TableBlobIndex): Set<Id> {
  const ids = new Set<Id>();
  for (const { id } of index.packs()) ids.add(id);
  return ids;
}
