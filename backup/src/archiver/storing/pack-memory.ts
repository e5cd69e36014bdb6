/** The memory for packs as it is given to threads. */
export interface SharedPackMemory {
  readonly buffers: readonly SharedArrayBuffer[];
  /** How often one was given back, then for each buffer whether it is free. */
  readonly state: SharedArrayBuffer;
}

/** One pack's memory. What was in it before is still there. */
export interface PackPlace {
  readonly number: number;
  readonly bytes: Uint8Array;
}

const free = 1;
const taken = 0;

/** Memory for `count` packs of this many bytes; pages of it are the system's until they are written. */
export function createPackMemory(count: number, bytes: number): SharedPackMemory {
  const buffers = Array.from({ length: count }, () => new SharedArrayBuffer(bytes));
  const state = new SharedArrayBuffer((1 + count) * Int32Array.BYTES_PER_ELEMENT);
  new Int32Array(state).fill(free, 1);
  return { buffers, state };
}

/**
 * Memory for packs that all threads share: a thread takes a place before it begins a pack, and the main thread gives it back when the pack is
 * stored. So there are never more packs in memory than places, and none of it is allocated, or filled by the system with zeros, anew for
 * each. There must be more places than threads, since each may hold one while it waits for nothing.
 */
export class PackMemory {
  readonly #buffers: readonly SharedArrayBuffer[];
  readonly #state: Int32Array<SharedArrayBuffer>;

  constructor(shared: SharedPackMemory) {
    this.#buffers = shared.buffers;
    this.#state = new Int32Array(shared.state);
  }

  /** Takes a place, waiting (and blocking the thread) until there is one. Never on the main thread, which gives them back. */
  takeBlocking(): PackPlace {
    for (;;) {
      const givenBack = Atomics.load(this.#state, 0);
      const place = this.#tryTake();
      if (place !== null) return place;
      Atomics.wait(this.#state, 0, givenBack);
    }
  }

  giveBack(number: number): void {
    Atomics.store(this.#state, 1 + number, free);
    Atomics.add(this.#state, 0, 1);
    Atomics.notify(this.#state, 0);
  }

  #tryTake(): PackPlace | null {
    for (const [number, buffer] of this.#buffers.entries()) {
      if (Atomics.compareExchange(this.#state, 1 + number, free, taken) === free) {
        return { number, bytes: new Uint8Array(buffer) };
      }
    }
    return null;
  }
}
