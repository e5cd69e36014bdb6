import type { Id } from "../../blob/index.ts";
import { idOf } from "../../blob/index.ts";
import { createDecompressor } from "../../compression/index.ts";
import { type Cipher, createCipher } from "../../crypto/index.ts";
import type { Repository } from "../../repository/index.ts";

/** Packs that are read whole are at most so large, and have at least so many trees; all that are kept are at most so large. */
const largestPackBytes = 32 * 1024 * 1024;
const fewestTrees = 16;
const keptBytes = 48 * 1024 * 1024;

/**
 * Reads the trees of the parent snapshot. One backup after the other writes its trees together, so a pack that has one of them is read
 * whole, once: a read for each of 100,000 directories would cost more than all the rest of an unchanged backup.
 */
export class ParentTrees {
  readonly #repository: Repository;
  readonly #cipher: Cipher;
  readonly #decompressor = createDecompressor();
  /** The packs read whole, least recently used first. */
  readonly #packs = new Map<Id, Uint8Array>();
  #bytes = 0;

  constructor(repository: Repository) {
    this.#repository = repository;
    this.#cipher = createCipher(repository.key);
  }

  /** The JSON of a tree whose pack is in memory; null when it must be loaded. */
  readNow(id: Id): Uint8Array | null {
    const location = this.#repository.index.find("tree", id);
    const pack = location === null ? undefined : this.#packs.get(location.packId);
    if (location === null || pack === undefined) return null;
    const opened = this.#cipher.open(pack.subarray(location.offset, location.offset + location.length));
    const plaintext =
      opened === null || location.uncompressedLength === null
        ? opened
        : this.#decompressor.decompress(opened, location.uncompressedLength);
    // A damaged one may lie whole in another pack: `load` looks there.
    return plaintext === null || idOf(plaintext) !== id ? null : plaintext;
  }

  /** A tree, and with it those that lie beside it. Throws NotFoundError, DamagedError. */
  async load(id: Id, signal: AbortSignal): Promise<Uint8Array> {
    const location = this.#repository.index.find("tree", id);
    if (location !== null && !this.#packs.has(location.packId) && this.#isWorthWhole(location.packId)) {
      await this.#loadPack(location.packId, signal);
    }
    return this.readNow(id) ?? (await this.#repository.loadBlob("tree", id, signal));
  }

  #isWorthWhole(packId: Id): boolean {
    const blobs = this.#repository.index.blobsOfPack(packId);
    const last = blobs.at(-1);
    if (last === undefined || blobs.length < fewestTrees) return false;
    // Packs of old restic versions mix trees with data.
    return last.offset + last.length <= largestPackBytes && blobs.every((blob) => blob.type === "tree");
  }

  async #loadPack(packId: Id, signal: AbortSignal): Promise<void> {
    const bytes = await this.#repository.loadTreePack(packId, signal);
    this.#packs.set(packId, bytes);
    this.#bytes += bytes.length;
    for (const [oldest, pack] of this.#packs) {
      if (this.#bytes <= keptBytes || oldest === packId) break;
      this.#packs.delete(oldest);
      this.#bytes -= pack.length;
    }
  }
}
