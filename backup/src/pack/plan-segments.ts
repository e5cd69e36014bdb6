import type { BlobLocation, Id } from "../blob/index.ts";

/** A blob and everywhere it is needed. */
export interface WantedBlob<Place> {
  readonly id: Id;
  readonly location: BlobLocation;
  readonly places: readonly Place[];
}

/** A blob within a segment; `offset` is from the segment's start. */
export interface SegmentBlob<Place> {
  readonly id: Id;
  readonly offset: number;
  readonly length: number;
  readonly uncompressedLength: number | null;
  readonly places: readonly Place[];
}

/** A part of a pack that is read at once. */
export interface Segment<Place> {
  readonly packId: Id;
  readonly offset: number;
  readonly length: number;
  readonly blobs: readonly SegmentBlob<Place>[];
}

export interface SegmentLimits {
  /** Bytes nobody wants that are read along rather than read apart. */
  readonly gapBytes: number;
  /** Bytes of a segment, unless one blob alone is longer. */
  readonly segmentBytes: number;
  /** Places of a segment; a blob with more comes in several. */
  readonly places: number;
}

/** How packs are read for these blobs: pack after pack in the order they were first wanted, each from its start to its end. */
export function planSegments<Place>(blobs: Iterable<WantedBlob<Place>>, limits: SegmentLimits): Segment<Place>[] {
  const byPack = new Map<Id, WantedBlob<Place>[]>();
  for (const blob of blobs) {
    const ofPack = byPack.get(blob.location.packId);
    if (ofPack === undefined) byPack.set(blob.location.packId, [blob]);
    else ofPack.push(blob);
  }
  const segments: Segment<Place>[] = [];
  for (const [packId, ofPack] of byPack) {
    ofPack.sort((left, right) => left.location.offset - right.location.offset);
    for (const group of groups(
      ofPack.flatMap((blob) => portions(blob, limits.places)),
      limits,
    )) {
      segments.push(segmentOf(packId, group));
    }
  }
  return segments;
}

function* groups<Place>(sorted: readonly WantedBlob<Place>[], limits: SegmentLimits): Generator<WantedBlob<Place>[]> {
  let group: WantedBlob<Place>[] = [];
  let start = 0;
  let end = 0;
  let places = 0;
  for (const blob of sorted) {
    const { offset, length } = blob.location;
    const isNear = offset - end <= limits.gapBytes && offset + length - start <= limits.segmentBytes;
    if (group.length > 0 && (!isNear || places + blob.places.length > limits.places)) {
      yield group;
      group = [];
      places = 0;
    }
    if (group.length === 0) start = offset;
    group.push(blob);
    places += blob.places.length;
    end = offset + length;
  }
  if (group.length > 0) yield group;
}

function portions<Place>(blob: WantedBlob<Place>, limit: number): WantedBlob<Place>[] {
  if (blob.places.length <= limit) return [blob];
  const count = Math.ceil(blob.places.length / limit);
  return Array.from({ length: count }, (_, at) => ({
    ...blob,
    places: blob.places.slice(at * limit, (at + 1) * limit),
  }));
}

function segmentOf<Place>(packId: Id, group: readonly WantedBlob<Place>[]): Segment<Place> {
  const offset = group[0]?.location.offset ?? 0;
  const last = group.at(-1)?.location ?? { offset, length: 0 };
  return {
    packId,
    offset,
    length: last.offset + last.length - offset,
    blobs: group.map(({ id, location, places }) => ({
      id,
      offset: location.offset - offset,
      length: location.length,
      uncompressedLength: location.uncompressedLength,
      places,
    })),
  };
}
