import { BusyError } from "../request/request-error.ts";

/** A bounded number of places for work, and a bounded line in front of them. */
export interface Slots {
  readonly taken: number;
  readonly waiting: number;
  /** Resolves with the function that frees the place. Throws BusyError when the line is full or the wait too long. */
  enter(): Promise<() => void>;
}

/** `count` places, `maximumWaiting` callers in line for up to `timeoutMs` each; first come, first served. */
export function createSlots(count: number, maximumWaiting: number, timeoutMs: number): Slots {
  const line: (() => void)[] = [];
  let taken = 0;

  function leave(): void {
    const next = line.shift();
    // The place passes to the next in line; only an empty line frees it.
    if (next === undefined) taken--;
    else next();
  }

  function once(action: () => void): () => void {
    let isDone = false;
    return () => {
      if (isDone) return;
      isDone = true;
      action();
    };
  }

  return {
    get taken() {
      return taken;
    },
    get waiting() {
      return line.length;
    },
    async enter() {
      if (taken < count) {
        taken++;
        return once(leave);
      }
      if (line.length >= maximumWaiting) throw new BusyError("too many uploads wait", 5);
      await new Promise<void>((resolve, reject) => {
        const go = () => {
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(() => {
          line.splice(line.indexOf(go), 1);
          reject(new BusyError("too many uploads are under way", 5));
        }, timeoutMs);
        line.push(go);
      });
      return once(leave);
    },
  };
}
