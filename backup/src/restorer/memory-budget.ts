/** Bounds how many bytes, and how many pieces, are on their way at once. */
export class MemoryBudget {
  readonly #bytesLimit: number;
  readonly #piecesLimit: number;
  #bytes = 0;
  #pieces = 0;
  #waiting: { readonly bytes: number; readonly resolve: () => void }[] = [];

  constructor(bytesLimit: number, piecesLimit: number) {
    this.#bytesLimit = bytesLimit;
    this.#piecesLimit = piecesLimit;
  }

  /** Resolves, in the order of asking, when there is room; a piece larger than all the room gets it alone. */
  async take(bytes: number): Promise<void> {
    if (this.#waiting.length === 0 && this.#hasRoom(bytes)) {
      this.#add(bytes);
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push({ bytes, resolve }));
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
    this.#pieces--;
    for (let next = this.#waiting[0]; next !== undefined && this.#hasRoom(next.bytes); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#add(next.bytes);
      next.resolve();
    }
  }

  #hasRoom(bytes: number): boolean {
    return this.#pieces === 0 || (this.#pieces < this.#piecesLimit && this.#bytes + bytes <= this.#bytesLimit);
  }

  #add(bytes: number): void {
    this.#bytes += bytes;
    this.#pieces++;
  }
}
