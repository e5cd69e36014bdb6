const free = 0;
const held = 1;
const awaited = 2;

/** No holder keeps it for longer than it takes to put every blob into larger buckets; in milliseconds. */
const patienceMs = 60_000;

/**
 * Lets one thread at a time into a few instructions, by one word of shared memory (U. Drepper, "Futexes Are Tricky", mutex 2).
 * Throws when the holder does not let go: its thread was terminated there.
 */
export class SharedMutex {
  readonly #word: Int32Array;

  constructor(word: Int32Array) {
    this.#word = word;
  }

  lock(): void {
    if (Atomics.compareExchange(this.#word, 0, free, held) === free) return;
    while (Atomics.exchange(this.#word, 0, awaited) !== free) {
      if (Atomics.wait(this.#word, 0, awaited, patienceMs) === "timed-out") {
        throw new Error("the table of blobs is held by a thread that has ended");
      }
    }
  }

  unlock(): void {
    if (Atomics.exchange(this.#word, 0, free) === awaited) Atomics.notify(this.#word, 0, 1);
  }
}
