/** Keeps the first bytes of a stream and counts the rest. */
export class OutputCollector {
  seenBytes = 0;
  readonly #maxBytes: number;
  readonly #chunks: Buffer[] = [];
  #keptBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(chunk: Buffer): void {
    this.seenBytes += chunk.length;
    const room = this.#maxBytes - this.#keptBytes;
    if (room <= 0) return;
    // Copied when cut: a slice would keep the whole chunk alive.
    const kept = chunk.length <= room ? chunk : Buffer.from(chunk.subarray(0, room));
    this.#chunks.push(kept);
    this.#keptBytes += kept.length;
  }

  get isTruncated(): boolean {
    return this.seenBytes > this.#maxBytes;
  }

  /** As UTF-8; bytes that are none become U+FFFD, also a character cut in two by the limit. */
  text(): string {
    return Buffer.concat(this.#chunks).toString("utf8");
  }
}
