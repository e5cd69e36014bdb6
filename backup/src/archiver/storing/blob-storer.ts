import { createHash, hash } from "node:crypto";
import type { BlobType, Id } from "../../blob/index.ts";
import { createCompressor, largestFrameBytes, looksIncompressible } from "../../compression/index.ts";
import { createCipher, type MasterKey } from "../../crypto/index.ts";
import { openSharedBlobTable, type SharedBlobTable } from "../../index/index.ts";
import { createPackBuilder, type FinishedPack } from "../../pack/index.ts";

const smallestSampled = 64 * 1024;

/** What a thread needs to make packs: plain data, and memory that all threads share. */
export interface BlobStorerSetting {
  readonly key: MasterKey;
  readonly table: SharedBlobTable;
  /** Of zstd; null stores everything as it is. */
  readonly compressionLevel: number | null;
  readonly packSizeBytes: number;
}

/** Turns plaintext into blobs in packs, each blob once over all threads. Synchronous. */
export interface BlobStorer {
  /** The id of these bytes; they are in a pack now, unless somebody has or had them. The bytes may be overwritten afterwards. */
  store(bytes: Uint8Array): Id;
  /** The same for a blob whose bytes lie in several places. */
  storePieces(pieces: readonly Uint8Array[]): Id;
  /** The id of these bytes if somebody has or had them, else null; nothing is stored. */
  find(bytes: Uint8Array): Id | null;
  /** Hands over the pack that is begun. */
  flush(): void;
}

/** What a storer asks and tells. */
export interface BlobStorerHooks {
  readonly onPack: (pack: FinishedPack) => void;
  /** Called when a pack is begun: memory for it; without, each pack has its own. May block until there is some. */
  readonly allocate?: (bytes: number) => Uint8Array;
}

/** A storer for one type of blob. */
export function createBlobStorer(setting: BlobStorerSetting, type: BlobType, hooks: BlobStorerHooks): BlobStorer {
  const { allocate } = hooks;
  const cipher = createCipher(setting.key);
  const targetBytes = setting.packSizeBytes;
  const builder = createPackBuilder({ type, cipher, targetBytes, ...(allocate === undefined ? {} : { allocate }) });
  const claims = openSharedBlobTable(setting.table);
  const compressor = setting.compressionLevel === null ? null : createCompressor(setting.compressionLevel);

  function flush(): void {
    const pack = builder.finish();
    if (pack !== null) hooks.onPack(pack);
  }

  function add(id: Id, payload: Uint8Array, uncompressedLength: number | null): void {
    builder.add(id, payload, uncompressedLength);
    if (builder.isFull) flush();
  }

  function store(bytes: Uint8Array): Id {
    const digest = hash("sha256", bytes, "buffer");
    const id = digest.toString("hex");
    if (!claims.claim(type, digest)) return id;
    if (!addCompressed(id, bytes)) builder.add(id, bytes, null);
    if (builder.isFull) flush();
    return id;
  }

  /** False when that would not be worth it; nothing is added then. */
  function addCompressed(id: Id, bytes: Uint8Array): boolean {
    if (compressor === null || !isWorthTrying(bytes)) return false;
    const write = (target: Uint8Array) => compressor.compressInto(bytes, target);
    return builder.addWritten(id, largestFrameBytes(bytes.length), bytes.length, write) !== null;
  }

  return {
    store,
    storePieces(pieces) {
      const [only] = pieces;
      if (only !== undefined && pieces.length === 1) return store(only);
      const digest = pieces.reduce((sum, piece) => sum.update(piece), createHash("sha256")).digest();
      const id = digest.toString("hex");
      if (!claims.claim(type, digest)) return id;
      const compressed = compressor?.compressPieces(pieces) ?? null;
      if (compressed === null) add(id, Buffer.concat(pieces), null);
      else add(id, compressed, lengthOf(pieces));
      return id;
    },
    find(bytes) {
      const digest = hash("sha256", bytes, "buffer");
      return claims.isKnown(type, digest) ? digest.toString("hex") : null;
    },
    flush,
  };
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((length, piece) => length + piece.length, 0);
}

/** Compressing a small blob in vain costs little more than looking whether it would be. */
function isWorthTrying(bytes: Uint8Array): boolean {
  return bytes.length < smallestSampled || !looksIncompressible(bytes);
}
