import { setImmediate as nextTurn } from "node:timers/promises";
import { type ByteString, joinBytes } from "../../byte-string/index.ts";
import { openRoot, StatNumbers } from "../../filesystem/index.ts";
import type { Selector } from "./selection.ts";

/** What a directory held when it was looked at. */
export interface SeenDirectory {
  /** Of the directory itself: another one may have its path by now. */
  readonly identity: StatNumbers;
  /** Sorted. */
  readonly names: readonly ByteString[];
  /** What lstat said of each; nothing of those that are left out. */
  readonly stats: Buffer;
}

/** 128 bytes are kept of each entry. */
const mostEntries = 100_000;
/** What was seen before that is not what a backup of now should have, e.g. after waiting for somebody's lock; in milliseconds. */
const freshForMs = 10_000;
/** How long others wait, in milliseconds. */
const turnMs = 4;

const noName = joinBytes("");

/**
 * Looks at directories before there is a repository to compare them with, while the password is being stretched by another thread: in a
 * backup in which nothing changed that is most of the work. Only a help: what was not seen, or differs, is looked at again by the walk.
 */
export class LookAhead {
  readonly #seen = new Map<ByteString, SeenDirectory>();
  readonly #selector: Selector;
  readonly #startMs = performance.now();
  #entries = 0;
  #isOver = false;

  constructor(selector: Selector) {
    this.#selector = selector;
  }

  /** Looks on until all is seen, or `stop`. Never throws. */
  async run(targets: readonly ByteString[]): Promise<void> {
    const waiting = [...targets].reverse();
    let turnStartMs = performance.now();
    for (let path = waiting.pop(); path !== undefined && !this.#isOver; path = waiting.pop()) {
      try {
        waiting.push(...this.#look(path).reverse());
      } catch {
        // The walk comes here too, and says it.
      }
      if (this.#entries > mostEntries) return;
      if (performance.now() - turnStartMs < turnMs) continue;
      await nextTurn();
      turnStartMs = performance.now();
    }
  }

  stop(): void {
    this.#isOver = true;
  }

  /** What was seen of a directory, once. */
  take(path: ByteString): SeenDirectory | null {
    const seen = this.#seen.get(path) ?? null;
    this.#seen.delete(path);
    return performance.now() - this.#startMs < freshForMs ? seen : null;
  }

  /** Looks at the entries of a directory; returns the directories among them that are on the same file system. */
  #look(path: ByteString): ByteString[] {
    using directory = openRoot(path, { isNoFollow: true });
    const identity = new StatNumbers();
    if (!identity.lookAt(directory.fd, noName)) return [];
    const names = directory.readNames();
    const stats = Buffer.alloc(names.length * StatNumbers.keptBytes);
    const stat = new StatNumbers();
    const directories: ByteString[] = [];
    const start = path === "/" ? path : joinBytes(path, "/");
    for (const [number, name] of names.entries()) {
      if (this.#selector.hasPatterns && this.#selector.isExcludedByPath(joinBytes(start, name))) continue;
      if (!stat.lookAt(directory.fd, name)) return [];
      stat.keep(stats, number);
      if (stat.type === "dir" && stat.isOnDeviceOf(identity)) directories.push(joinBytes(start, name));
    }
    this.#entries += names.length;
    this.#seen.set(path, { identity, names, stats });
    return directories;
  }
}
