import type { BlobLocation, Id } from "../blob/index.ts";
import type { BlobIndex } from "../index/index.ts";

/** Neighbours are read together up to so many bytes; a tree that alone is longer is read alone. */
const stretchBytes = 256 * 1024;
const keptStretches = 32;

/** Reads a range of a pack. */
export type ReadRange = (
  packId: Id,
  range: { readonly offset: number; readonly length: number },
  signal: AbortSignal | undefined,
) => Promise<Uint8Array>;

interface Stretch {
  readonly offset: number;
  readonly length: number;
}

/**
 * Reads trees as they are stored. Whoever reads one reads its neighbours soon, and to open, read and close a file costs the main thread
 * more than the tree itself, so that they are read together.
 */
export class TreeStretches {
  readonly #read: ReadRange;
  /** By pack, in order; null for packs that have more than trees. */
  readonly #layouts = new Map<Id, readonly Stretch[] | null>();
  /** Least lately used first. */
  readonly #kept = new Map<Stretch, Promise<Uint8Array>>();

  constructor(read: ReadRange) {
    this.#read = read;
  }

  /** The bytes of a stored tree. Throws as reading does; a signal may end it for others that wait for the same bytes. */
  async load(
    place: BlobLocation,
    index: Pick<BlobIndex, "blobsOfPack">,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    const { packId, offset, length } = place;
    const stretch = this.#stretchOf(place, index);
    if (stretch === null || stretch.length === length) return this.#read(packId, { offset, length }, signal);
    const reading = this.#kept.get(stretch) ?? this.#read(packId, stretch, signal);
    this.#keep(stretch, reading);
    try {
      const bytes = await reading;
      return bytes.subarray(offset - stretch.offset, offset - stretch.offset + length);
    } catch (error) {
      this.#kept.delete(stretch);
      throw error;
    }
  }

  #keep(stretch: Stretch, reading: Promise<Uint8Array>): void {
    this.#kept.delete(stretch);
    this.#kept.set(stretch, reading);
    if (this.#kept.size <= keptStretches) return;
    for (const oldest of this.#kept.keys()) {
      this.#kept.delete(oldest);
      return;
    }
  }

  #stretchOf({ packId, offset, length }: BlobLocation, index: Pick<BlobIndex, "blobsOfPack">): Stretch | null {
    let layout = this.#layouts.get(packId);
    if (layout === undefined) {
      layout = layoutOf(index.blobsOfPack(packId));
      this.#layouts.set(packId, layout);
    }
    const found = layout?.findLast((stretch) => stretch.offset <= offset);
    return found !== undefined && offset + length <= found.offset + found.length ? found : null;
  }
}

/** Stretches of whole blobs, which lie beside each other. */
function layoutOf(blobs: ReturnType<BlobIndex["blobsOfPack"]>): readonly Stretch[] | null {
  if (blobs.some(({ type }) => type !== "tree")) return null;
  const stretches: { offset: number; length: number }[] = [];
  let last: { offset: number; length: number } | undefined;
  for (const { offset, length } of blobs) {
    if (last === undefined || offset + length - last.offset > stretchBytes) {
      last = { offset, length };
      stretches.push(last);
    } else {
      last.length = Math.max(last.length, offset + length - last.offset);
    }
  }
  return stretches;
}
