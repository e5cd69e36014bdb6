import type { BlobType, Id } from "../blob/index.ts";
import type { BlobIndex } from "../index/index.ts";

/** A set of blobs that an index knows: one bit for each. A blob whose pack is added to the index or removed may drop out. */
export class BlobBitmap {
  readonly #index: BlobIndex;
  readonly #bits: Uint8Array;

  constructor(index: BlobIndex) {
    this.#index = index;
    this.#bits = new Uint8Array((index.blobNumberLimit + 7) >> 3);
  }

  has(type: BlobType, id: Id): boolean {
    return this.hasNumber(this.#index.blobNumber(type, id));
  }

  hasNumber(number: number): boolean {
    return number !== -1 && ((this.#bits[number >> 3] ?? 0) & (1 << (number & 7))) !== 0;
  }

  /** Adds a blob; "unknown" when the index does not know it. */
  add(type: BlobType, id: Id): "added" | "present" | "unknown" {
    const number = this.#index.blobNumber(type, id);
    if (number === -1) return "unknown";
    if (this.hasNumber(number)) return "present";
    this.#set(number, true);
    return "added";
  }

  /** Takes a blob out; whether it was in. */
  remove(type: BlobType, id: Id): boolean {
    const number = this.#index.blobNumber(type, id);
    if (!this.hasNumber(number)) return false;
    this.#set(number, false);
    return true;
  }

  get isEmpty(): boolean {
    return this.#bits.every((byte) => byte === 0);
  }

  #set(number: number, isIn: boolean): void {
    const byte = this.#bits[number >> 3] ?? 0;
    const bit = 1 << (number & 7);
    this.#bits[number >> 3] = isIn ? byte | bit : byte & ~bit;
  }
}
