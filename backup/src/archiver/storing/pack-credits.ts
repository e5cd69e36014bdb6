/**
 * Bounds how many packs are in memory, over all threads: a thread takes a credit before it begins a pack and the main thread gives it back
 * when the pack is stored. There must be more credits than threads, since each may hold one while it waits for nothing.
 */
export interface PackCredits {
  readonly shared: SharedArrayBuffer;
  /** Takes one, waiting (and blocking the thread) until there is one. Never on the main thread, which gives them back. */
  takeBlocking(): void;
  /** Takes one even if there is none: the next ones to ask wait longer. */
  takeBeyond(): void;
  giveBack(): void;
}

/** Credits for all threads, `count` of them. */
export function createPackCredits(count: number): PackCredits {
  const shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  new Int32Array(shared)[0] = count;
  return openPackCredits(shared);
}

/** A thread's view of the credits. */
export function openPackCredits(shared: SharedArrayBuffer): PackCredits {
  const counter = new Int32Array(shared);
  const tryTake = () => {
    for (;;) {
      const count = Atomics.load(counter, 0);
      if (count <= 0) return false;
      if (Atomics.compareExchange(counter, 0, count, count - 1) === count) return true;
    }
  };
  return {
    shared,
    takeBlocking() {
      while (!tryTake()) Atomics.wait(counter, 0, Math.min(0, Atomics.load(counter, 0)));
    },
    takeBeyond() {
      Atomics.sub(counter, 0, 1);
    },
    giveBack() {
      Atomics.add(counter, 0, 1);
      Atomics.notify(counter, 0, 1);
    },
  };
}
