import type { Id } from "../blob/index.ts";
import { type ByteString, joinBytes } from "../byte-string/index.ts";
import type { Metadata } from "../filesystem/index.ts";
import type { ExtendedAttribute } from "../tree/index.ts";
import type { Place } from "./jobs.ts";

/** A blob of a pack, and where it goes. */
export interface WrittenBlob {
  readonly id: Id;
  /** Bytes from the pack's start, and of the stored blob. */
  readonly offset: number;
  readonly length: number;
  /** Null when it is not compressed. */
  readonly uncompressedLength: number | null;
  readonly places: readonly Place[];
}

/**
 * Blobs with their places, by column: a message of a hundred objects costs both threads more than to write their files. Places are numbered
 * through all blobs.
 */
export interface WrittenColumns {
  readonly ids: readonly Id[];
  /** Of each place; empty for a part of a file. */
  readonly names: readonly ByteString[];
  /** `blobFields` of each blob, and after all of them `placeFields` of each place. */
  readonly numbers: Float64Array;
  /** By place, of those few that have any. */
  readonly extendedAttributes: readonly (readonly [number, readonly ExtendedAttribute[]])[];
}

const blobFields = 4;
const placeFields = 11;
const flags = { isWhole: 1, isSparse: 2, isReplacing: 4, isDirect: 8 };
const noAttributes: readonly ExtendedAttribute[] = [];

/** Puts blobs into columns. */
export function columnsOf(blobs: readonly WrittenBlob[]): WrittenColumns {
  const names: ByteString[] = [];
  const extendedAttributes: [number, readonly ExtendedAttribute[]][] = [];
  const placeCount = blobs.reduce((sum, { places }) => sum + places.length, 0);
  const numbers = new Float64Array(blobs.length * blobFields + placeCount * placeFields);
  let at = 0;
  let placeAt = blobs.length * blobFields;
  for (const { offset, length, uncompressedLength, places } of blobs) {
    numbers[at++] = offset;
    numbers[at++] = length;
    numbers[at++] = uncompressedLength ?? -1;
    numbers[at++] = places.length;
    for (const place of places) {
      if (place.kind === "whole" && place.metadata.extendedAttributes.length > 0)
        extendedAttributes.push([names.length, place.metadata.extendedAttributes]);
      names.push(place.kind === "whole" ? place.name : joinBytes(""));
      putPlace(numbers, placeAt, place);
      placeAt += placeFields;
    }
  }
  return { ids: blobs.map(({ id }) => id), names, numbers, extendedAttributes };
}

/** The blobs of columns, one after the other. */
export function* blobsOf({ ids, names, numbers, extendedAttributes }: WrittenColumns): Generator<WrittenBlob> {
  const attributes = new Map(extendedAttributes);
  let placeNumber = 0;
  for (const [number, id] of ids.entries()) {
    const at = number * blobFields;
    const uncompressedLength = numbers[at + 2] ?? -1;
    const places: Place[] = [];
    for (let left = numbers[at + 3] ?? 0; left > 0; left--, placeNumber++) {
      const placeAt = ids.length * blobFields + placeNumber * placeFields;
      const name = names[placeNumber] ?? joinBytes("");
      places.push(takePlace(numbers, placeAt, name, attributes.get(placeNumber) ?? noAttributes));
    }
    yield {
      id,
      offset: numbers[at] ?? 0,
      length: numbers[at + 1] ?? 0,
      uncompressedLength: uncompressedLength < 0 ? null : uncompressedLength,
      places,
    };
  }
}

function putPlace(numbers: Float64Array, at: number, place: Place): void {
  const isSparse = place.isSparse ? flags.isSparse : 0;
  if (place.kind === "part") {
    numbers[at] = isSparse;
    numbers[at + 1] = place.fd;
    numbers[at + 2] = place.position;
    return;
  }
  const { metadata, isReplacing, isDirect } = place;
  numbers[at] = flags.isWhole | isSparse | (isReplacing ? flags.isReplacing : 0) | (isDirect ? flags.isDirect : 0);
  numbers[at + 1] = place.directory;
  numbers[at + 3] = metadata.mode;
  numbers[at + 4] = metadata.uid;
  numbers[at + 5] = metadata.gid;
  numbers[at + 6] = metadata.mtimeSeconds;
  numbers[at + 7] = metadata.mtimeNanoseconds;
  numbers[at + 8] = metadata.atimeSeconds;
  numbers[at + 9] = metadata.atimeNanoseconds;
  numbers[at + 10] = metadata.fileFlags;
}

function takePlace(
  numbers: Float64Array,
  at: number,
  name: ByteString,
  extendedAttributes: readonly ExtendedAttribute[],
): Place {
  const number = (field: number) => numbers[at + field] ?? 0;
  const set = number(0);
  const isSparse = (set & flags.isSparse) !== 0;
  if ((set & flags.isWhole) === 0) return { kind: "part", fd: number(1), position: number(2), isSparse };
  const metadata: Metadata = {
    mode: number(3),
    uid: number(4),
    gid: number(5),
    mtimeSeconds: number(6),
    mtimeNanoseconds: number(7),
    atimeSeconds: number(8),
    atimeNanoseconds: number(9),
    extendedAttributes,
    fileFlags: number(10),
  };
  return {
    kind: "whole",
    directory: number(1),
    name,
    metadata,
    isReplacing: (set & flags.isReplacing) !== 0,
    isSparse,
    isDirect: (set & flags.isDirect) !== 0,
  };
}
