import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const watched = ["statSync", "openSync", "readdirSync", "fstatSync", "readSync", "readlinkSync"] as const;

/** Lets something happen in the middle of what another does: before a certain one of its calls of the file system. */
export interface FileSystemCalls {
  /** Runs `act` before the n-th call from now, counted from 0; its own calls are not counted. Replaces what was to be done before. */
  before(calls: number, act: () => void): void;
  /** Does something whose calls are not counted. */
  apart(work: () => void): void;
  /** Does at once what is still to be done. */
  doNow(): void;
  /** Calls so far. */
  readonly count: number;
  end(): void;
}

/**
 * Counts the synchronous calls of the file system of the whole process until `end`. Modules that import them by name see it too, so that nothing in them has to
 * be made for it.
 */
export function countFileSystemCalls(): FileSystemCalls {
  const originals = Object.fromEntries(watched.map((name) => [name, Reflect.get(fs, name)]));
  let count = 0;
  let left = 0;
  let waiting: (() => void) | null = null;
  let isActing = false;

  function apart(work: () => void): void {
    const wasActing = isActing;
    isActing = true;
    try {
      work();
    } finally {
      isActing = wasActing;
    }
  }

  function act(): void {
    const doing = waiting;
    waiting = null;
    if (doing !== null) apart(doing);
  }

  for (const name of watched) {
    const original: unknown = Reflect.get(fs, name);
    if (typeof original !== "function") throw new Error(`fs has no ${name}`);
    Reflect.set(fs, name, (...args: unknown[]) => {
      if (!isActing) {
        count++;
        if (waiting !== null && left-- <= 0) act();
      }
      return Reflect.apply(original, fs, args);
    });
  }
  syncBuiltinESMExports();

  return {
    before(calls, doing) {
      left = calls;
      waiting = doing;
    },
    apart,
    doNow: act,
    get count() {
      return count;
    },
    end() {
      Object.assign(fs, originals);
      syncBuiltinESMExports();
    },
  };
}
