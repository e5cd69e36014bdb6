import { TooManyRequestsError } from "../error/index.ts";

/** Keeps one customer's work of a kind (downloads, searches) from taking what everybody's needs. */
export interface Slots {
  /** Waits for a place; answers what gives it back. Throws TooManyRequestsError when too many wait, or it took too long. */
  take(key: string, signal: AbortSignal): Promise<() => void>;
  /** Under way at present, of everybody. */
  taken(): number;
}

export interface SlotsOptions {
  /** At a time, of one key. Default 12: more than one browser or WebDAV client opens. */
  readonly perKey?: number;
  /** That may wait, of one key. */
  readonly waitingPerKey?: number;
  readonly waitMs?: number;
}

interface Queue {
  taken: number;
  readonly waiting: Set<() => void>;
}

/** `what` is their plural, for the message: `downloads`. */
export function createSlots(what: string, options: SlotsOptions = {}): Slots {
  const { perKey = 12, waitingPerKey = 100, waitMs = 30_000 } = options;
  const queues = new Map<string, Queue>();

  function giveBack(key: string, queue: Queue): () => void {
    let isBack = false;
    return () => {
      if (isBack) return;
      isBack = true;
      const [next] = queue.waiting;
      if (next !== undefined) {
        // The place goes over to who has waited longest.
        queue.waiting.delete(next);
        next();
        return;
      }
      queue.taken--;
      if (queue.taken === 0) queues.delete(key);
    };
  }

  return {
    taken: () => [...queues.values()].reduce((sum, queue) => sum + queue.taken, 0),
    async take(key, signal) {
      signal.throwIfAborted();
      const queue = queues.get(key) ?? { taken: 0, waiting: new Set() };
      queues.set(key, queue);
      if (queue.taken < perKey) {
        queue.taken++;
        return giveBack(key, queue);
      }
      if (queue.waiting.size >= waitingPerKey) throw tooMany(what);
      await turnOf(queue, signal, waitMs, what);
      return giveBack(key, queue);
    },
  };
}

function turnOf({ waiting }: Queue, signal: AbortSignal, waitMs: number, what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      waiting.delete(onTurn);
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      settle();
    };
    const onTurn = () => end(resolve);
    const onAbort = () => end(() => reject(signal.reason));
    const timer = setTimeout(() => end(() => reject(tooMany(what))), waitMs);
    signal.addEventListener("abort", onAbort);
    waiting.add(onTurn);
  });
}

function tooMany(what: string): TooManyRequestsError {
  return new TooManyRequestsError(`too many ${what} at a time; wait until some of them are done`, 10);
}
