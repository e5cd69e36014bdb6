/** What lies here unused is at most this. */
const mostSpareBytes = 4 * 1024 * 1024;

/**
 * Memory that trees are written in, one after the other: what each directory took for itself would lie about until the garbage collector
 * looks, which sees only that a few objects were made.
 */
export class TreeMemory {
  readonly #spare = new Map<number, Buffer<ArrayBuffer>[]>();
  #spareBytes = 0;

  /** Memory of exactly this size; what was in it before is still there. */
  take(bytes: number): Buffer<ArrayBuffer> {
    const spare = this.#spare.get(bytes)?.pop();
    if (spare === undefined) return Buffer.allocUnsafeSlow(bytes);
    this.#spareBytes -= bytes;
    return spare;
  }

  /** Takes back what `take` gave and nobody reads any more. */
  giveBack(memory: Buffer<ArrayBuffer>): void {
    if (this.#spareBytes + memory.length > mostSpareBytes) return;
    const spare = this.#spare.get(memory.length);
    if (spare === undefined) this.#spare.set(memory.length, [memory]);
    else spare.push(memory);
    this.#spareBytes += memory.length;
  }
}
