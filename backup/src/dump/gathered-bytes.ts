/** Pieces are handed on when they have so many bytes: each hand-over costs what copying some kilobytes does. */
const fullBytes = 128 * 1024;

/** Gathers small pieces of a stream into larger ones. */
export class GatheredBytes {
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #takenBytes = 0;

  /** Bytes added until now. */
  get position(): number {
    return this.#takenBytes + this.#bytes;
  }

  get isFull(): boolean {
    return this.#bytes >= fullBytes;
  }

  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.#bytes += bytes.length;
  }

  /** What was added since, in one piece. */
  take(): Uint8Array {
    const [only] = this.#pieces;
    const taken = only !== undefined && this.#pieces.length === 1 ? only : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#takenBytes += this.#bytes;
    this.#bytes = 0;
    return taken;
  }
}
