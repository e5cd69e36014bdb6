import type { BlobLocation, Id } from "../blob/index.ts";
import type { BlobIndex } from "../index/index.ts";
import type { PartFile } from "./part-file.ts";
import type { PlannedFile } from "./planned-file.ts";

/** Where a blob goes: it is a whole file, or a part of one. */
export type PlannedPlace =
  | { readonly kind: "whole"; readonly file: PlannedFile }
  | { readonly kind: "part"; readonly part: PartFile; readonly position: number; readonly isSparse: boolean };

export interface WindowBlob {
  readonly id: Id;
  readonly location: BlobLocation;
  readonly places: PlannedPlace[];
}

/**
 * Files are restored window by window, so that memory is bounded whatever the snapshot's size; a window is wide enough that what lies
 * together in packs is read together.
 */
const limits = { places: 4096, bytes: 128 * 1024 * 1024 };
/** The first window is narrow and each further one twice as wide, so that the threads need not wait for the walk to fill a wide one. */
const firstPlaces = 512;

/** Blobs that are wanted and not yet read, with all their places. */
export class ContentWindow {
  readonly #index: Pick<BlobIndex, "find">;
  #blobs = new Map<Id, WindowBlob>();
  #places = 0;
  #bytes = 0;
  #placesLimit = firstPlaces;

  constructor(index: Pick<BlobIndex, "find">) {
    this.#index = index;
  }

  get isFull(): boolean {
    return this.#places >= this.#placesLimit || this.#bytes >= limits.bytes;
  }

  /** Adds a place of a blob of `length` bytes; false when no index knows it. */
  want(id: Id, length: number, place: PlannedPlace): boolean {
    const known = this.#blobs.get(id);
    if (known !== undefined) {
      this.#places++;
      known.places.push(place);
      return true;
    }
    const location = this.#index.find("data", id);
    if (location === null) return false;
    this.#blobs.set(id, { id, location, places: [place] });
    this.#places++;
    this.#bytes += length;
    return true;
  }

  /** Everything that was wanted, in that order; a new window begins. */
  take(): Iterable<WindowBlob> {
    const blobs = this.#blobs;
    if (blobs.size > 0) {
      this.#placesLimit = Math.min(limits.places, this.#placesLimit * 2);
      this.#blobs = new Map();
      this.#places = 0;
      this.#bytes = 0;
    }
    return blobs.values();
  }
}
