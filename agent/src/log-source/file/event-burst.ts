import { readFileSync } from "node:fs";

/** The kernel's default of how many changes it remembers until they are read (inotify(7), max_queued_events). */
const DEFAULT_QUEUE = 16_384;

/** Directories of other sources share the queue with those of this one. */
const SHARE_OF_QUEUE = 1 / 4;

/**
 * Notices that so many changes were told at once that the kernel may have had to drop others, of which nobody is told: node hands on all that were queued in one turn of its
 * event loop. `isFull` is called at most once in each. Returns what has to be called at every change.
 */
export function createEventBurst(isFull: () => void, limit = readQueueLimit() * SHARE_OF_QUEUE): () => void {
  let count = 0;
  return () => {
    if (count === 0) {
      setImmediate(() => {
        count = 0;
      });
    }
    if (++count === Math.ceil(limit)) isFull();
  };
}

function readQueueLimit(): number {
  try {
    return Number.parseInt(readFileSync("/proc/sys/fs/inotify/max_queued_events", "utf8"), 10) || DEFAULT_QUEUE;
  } catch {
    return DEFAULT_QUEUE;
  }
}
