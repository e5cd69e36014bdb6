import type { BlobType, Id, PackedBlob } from "../blob/index.ts";
import { createCipher } from "../crypto/index.ts";
import { DamagedError } from "../error/index.ts";
import { reachFaultPoint } from "../fault-point/index.ts";
import { type BlobOpener, createBlobOpener, createPackBuilder, type PackBuilder } from "../pack/index.ts";
import type { Repository } from "../repository/repository.ts";

export interface RepackOptions {
  /** Whether a blob still has to be written; asked once for each, and true at most once. */
  readonly take: (type: BlobType, id: Id) => boolean;
  /** Told after each pack. */
  readonly onPack?: (packId: Id, readBytes: number) => void;
  /** Told of a blob that cannot be salvaged. Without it, that is thrown. */
  readonly onLost?: (blob: PackedBlob, error: DamagedError) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes blobs of these packs into new packs, which the repository's index then knows without an index file. Every blob is opened and
 * compared with its name before; one that is damaged here is taken from another pack if there is one. Memory: one pack that is read and
 * two that are written.
 */
export async function repack(repository: Repository, packIds: readonly Id[], options: RepackOptions): Promise<void> {
  const cipher = createCipher(repository.key);
  const opener = createBlobOpener(cipher);
  const builders = {
    data: createPackBuilder({ type: "data", cipher }),
    tree: createPackBuilder({ type: "tree", cipher }),
  };
  for (const packId of packIds) {
    options.signal?.throwIfAborted();
    const wanted = repository.index.blobsOfPack(packId).filter(({ type, id }) => options.take(type, id));
    let readBytes = 0;
    for (const range of rangesOf(wanted)) {
      const bytes = await loadRange(repository, packId, range, options.signal);
      readBytes += bytes.length;
      for (const blob of range.blobs) {
        const sealed = bytes.subarray(blob.offset - range.offset, blob.offset - range.offset + blob.length);
        await move(repository, opener, builders[blob.type], { packId, blob, sealed }, options);
        if (builders[blob.type].isFull) await store(repository, builders[blob.type], options.signal);
      }
    }
    options.onPack?.(packId, readBytes);
  }
  await store(repository, builders.data, options.signal);
  await store(repository, builders.tree, options.signal);
}

interface Range {
  readonly offset: number;
  length: number;
  readonly blobs: PackedBlob[];
}

/** A gap is read over rather than asked around when it is shorter than this: a request costs about as much. */
const longestGapBytes = 256 * 1024;
/** No more is read at once, so that a pack of unusual size does not fill the memory. */
const longestRangeBytes = 32 * 1024 * 1024;

function rangesOf(blobs: readonly PackedBlob[]): readonly Range[] {
  const ranges: Range[] = [];
  for (const blob of blobs) {
    const last = ranges.at(-1);
    const end = blob.offset + blob.length;
    if (
      last !== undefined &&
      blob.offset - last.offset - last.length <= longestGapBytes &&
      end - last.offset <= longestRangeBytes
    ) {
      last.blobs.push(blob);
      last.length = Math.max(last.length, end - last.offset);
    } else {
      ranges.push({ offset: blob.offset, length: blob.length, blobs: [blob] });
    }
  }
  return ranges;
}

/** What there is of a range: less than all of it when the pack was cut short, nothing when it is gone. */
async function loadRange(
  repository: Repository,
  packId: Id,
  { offset, length }: Range,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const handle = { type: "data", name: packId } as const;
  try {
    return await repository.backend.load(handle, { offset, length }, signal);
  } catch (error) {
    if (!(error instanceof DamagedError)) throw error;
    const whole = await repository.backend.load(handle, undefined, signal);
    return whole.subarray(offset);
  }
}

interface SealedBlob {
  readonly packId: Id;
  readonly blob: PackedBlob;
  readonly sealed: Uint8Array;
}

async function move(
  repository: Repository,
  opener: BlobOpener,
  builder: PackBuilder,
  { packId, blob, sealed }: SealedBlob,
  { onLost, signal }: RepackOptions,
): Promise<void> {
  if (typeof opener.open(sealed, blob) !== "string") {
    builder.addSealed(blob.id, sealed, blob.uncompressedLength);
    return;
  }
  try {
    const elsewhere = await loadElsewhere(repository, packId, blob, signal);
    builder.add(blob.id, elsewhere, null);
  } catch (error) {
    if (!(error instanceof DamagedError) || onLost === undefined) throw error;
    onLost(blob, error);
  }
}

/** The blob from another pack, or from this one read once more. */
async function loadElsewhere(
  repository: Repository,
  packId: Id,
  { type, id }: PackedBlob,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  try {
    return await repository.loadBlob(type, id, signal);
  } catch (error) {
    if (!(error instanceof DamagedError)) throw error;
    throw new DamagedError(`data/${packId}`, `the ${type} blob ${id} is damaged and in no other pack`, {
      cause: error,
    });
  }
}

async function store(repository: Repository, builder: PackBuilder, signal: AbortSignal | undefined): Promise<void> {
  const pack = builder.finish();
  if (pack === null) return;
  await repository.backend.save({ type: "data", name: pack.id }, pack.bytes, signal);
  reachFaultPoint("prune/pack-written");
  repository.index.addPack(pack.id, pack.blobs, null);
}
