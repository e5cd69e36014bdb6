/** More are given back to the system: a thread fills one pack at a time. */
const mostKept = 1;

/**
 * Memory of packs that are stored, for the next ones. Allocated anew for each, it would cost a page fault for every 4 KiB, and the
 * system's allocator keeps much of what is freed in between (measured: 100 MiB).
 */
export class SpareBuffers {
  readonly #buffers: ArrayBuffer[] = [];

  put(buffer: ArrayBuffer): void {
    if (this.#buffers.length < mostKept) this.#buffers.push(buffer);
    // Frees it now; the collector would let many pile up.
    else buffer.transfer(0);
  }

  /** One to give away, or null. */
  pop(): ArrayBuffer | null {
    return this.#buffers.pop() ?? null;
  }

  /** Memory of at least so many bytes: what was in it is still there. */
  take(bytes: number): Uint8Array<ArrayBuffer> {
    const spare = this.#buffers.findIndex((buffer) => buffer.byteLength >= bytes);
    const [buffer] = spare === -1 ? [] : this.#buffers.splice(spare, 1);
    return new Uint8Array(buffer ?? new ArrayBuffer(bytes));
  }
}
