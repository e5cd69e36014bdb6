import type { LogBatch } from "../../log-store/index.ts";

type Chunk = LogBatch["chunk"];

/** Ten thousand senders that wait for a store to come back, and a few megabytes. */
const maximumChunks = 10_000;

/** Chunks that a store failed to take, of which nobody knows whether it has them: an answer may be lost that said so. The oldest are forgotten. */
export class DoubtfulChunks {
  readonly #keys = new Set<string>();

  add(chunk: Chunk): void {
    if (chunk === null) return;
    this.#keys.add(keyOf(chunk));
    const [oldest] = this.#keys;
    if (this.#keys.size > maximumChunks && oldest !== undefined) this.#keys.delete(oldest);
  }

  has(chunk: Chunk): boolean {
    return chunk !== null && this.#keys.has(keyOf(chunk));
  }

  remove(chunk: Chunk): void {
    if (chunk !== null) this.#keys.delete(keyOf(chunk));
  }
}

function keyOf({ sender, id }: NonNullable<Chunk>): string {
  return JSON.stringify([sender, id]);
}
