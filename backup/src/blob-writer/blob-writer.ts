import { PackUploads } from "../archiver/storing/pack-uploads.ts";
import { type BlobType, type Id, idOf } from "../blob/index.ts";
import { createCompressor, looksIncompressible } from "../compression/index.ts";
import { createCipher } from "../crypto/index.ts";
import { openSharedBlobTable, saveIndex } from "../index/index.ts";
import { createPackBuilder } from "../pack/index.ts";
import type { Repository } from "../repository/repository.ts";
import { encodeTree, type Node } from "../tree/index.ts";

/** Packs on their way before a writer waits. */
const mostPacks = 4;

/** Takes blobs for one repository. Call `finish` before anything that refers to them is stored, or `giveUp`. */
export interface BlobWriter {
  /** Whether this blob is yours to write: nobody has stored or claimed it. Write it then. */
  claim(type: BlobType, id: Id): boolean;
  /** Writes a blob that was claimed; compresses it when the repository can hold that. */
  write(type: BlobType, id: Id, plaintext: Uint8Array): void;
  /** Writes a blob that was claimed and is compressed already, as a frame of zstd. Only where `takesFrames`. */
  writeFrame(type: BlobType, id: Id, frame: Uint8Array, uncompressedLength: number): void;
  readonly takesFrames: boolean;
  /** Writes a tree, unless the repository has it; returns its id. */
  writeTree(nodes: readonly Node[]): Id;
  /** Resolves when there is room for more. Throws what storing a pack threw. */
  whenRoom(): Promise<void>;
  /** Resolves when all is stored and in index files. What was written, in blobs and bytes as stored. */
  finish(): Promise<{ readonly blobs: number; readonly packedBytes: number }>;
  /** After a failure: keeps what did get stored, so that the next run need not send it again. Does not throw. */
  giveUp(): Promise<void>;
}

/** A writer for a repository whose index is loaded. */
export function openBlobWriter(repository: Repository, nowMs: () => number, signal: AbortSignal): BlobWriter {
  const cipher = createCipher(repository.key);
  const takesFrames = repository.config.version >= 2;
  const compressor = createCompressor();
  const claims = openSharedBlobTable(repository.index.shared);
  const builders = {
    data: createPackBuilder({ type: "data", cipher }),
    tree: createPackBuilder({ type: "tree", cipher }),
  } as const;
  const uploads = new PackUploads({
    backend: repository.backend,
    saveIndex: (packs, saving) => saveIndex(repository, packs, saving),
    isDryRun: false,
    nowMs,
    // Whoever waits for room next is told.
    onFailure: () => {},
    signal,
  });

  function flush(type: BlobType): void {
    const pack = builders[type].finish();
    if (pack !== null) uploads.accept(pack);
  }

  function claim(type: BlobType, id: Id): boolean {
    return claims.claim(type, Buffer.from(id, "hex"));
  }

  function add(type: BlobType, id: Id, payload: Uint8Array, uncompressedLength: number | null): void {
    builders[type].add(id, payload, uncompressedLength);
    if (builders[type].isFull) flush(type);
  }

  function write(type: BlobType, id: Id, plaintext: Uint8Array): void {
    const frame = takesFrames && !looksIncompressible(plaintext) ? compressor.compress(plaintext) : null;
    if (frame === null) add(type, id, plaintext, null);
    else add(type, id, frame, plaintext.length);
  }

  return {
    claim,
    write,
    writeFrame: add,
    takesFrames,
    writeTree(nodes) {
      const bytes = encodeTree(nodes);
      const id = idOf(bytes);
      if (claim("tree", id)) write("tree", id, bytes);
      return id;
    },
    whenRoom: () => uploads.whenAtMost(mostPacks - 1),
    async finish() {
      flush("data");
      flush("tree");
      await uploads.finish();
      const { data, tree } = uploads.added;
      return { blobs: data.blobs + tree.blobs, packedBytes: data.packedBytes + tree.packedBytes };
    },
    async giveUp() {
      await uploads.salvage(signal);
      repository.index.releaseClaims();
    },
  };
}
