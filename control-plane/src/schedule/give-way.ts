import { readlinkSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { basename } from "node:path";

/** Lets the thread that takes results go first: on Linux priorities are a thread's own. Elsewhere all threads are equal. */
export function giveWay(): void {
  try {
    setPriority(Number(basename(readlinkSync("/proc/thread-self"))), constants.priority.PRIORITY_LOW);
  } catch {
    // No such file, or not allowed: this thread is as quick as every other.
  }
}
