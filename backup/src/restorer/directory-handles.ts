import { type ByteString, displayText } from "../byte-string/index.ts";
import type { Directory } from "../filesystem/index.ts";

/** Open directories kept beside those in use. */
const idleLimit = 200;

/** Where a directory is, so that it can be opened again. */
export interface DirectoryPlace {
  readonly parent: DirectoryPlace | null;
  readonly name: ByteString;
  /** For people. */
  readonly path: ByteString;
}

interface Handle {
  readonly directory: Directory;
  readonly identity: string;
  pins: number;
}

/**
 * The open directories of a restore. A descriptor in use is pinned; of the others the longest unused are closed and opened again from
 * their parents when needed, following no links, so that any number of directories and any depth take few descriptors.
 */
export class DirectoryHandles {
  readonly #handles = new Map<DirectoryPlace, Handle>();
  readonly #identities = new WeakMap<DirectoryPlace, string>();
  #pinned = 0;

  /** Takes over a directory that was just opened; it is pinned. */
  add(place: DirectoryPlace, directory: Directory): void {
    const stat = directory.statSelf();
    const identity = `${stat.deviceId}:${stat.inode}`;
    this.#identities.set(place, identity);
    this.#handles.set(place, { directory, identity, pins: 1 });
    this.#pinned++;
    this.#closeIdle();
  }

  /** The directory, open until it is unpinned as often as it was pinned. Throws when another one is in its place now. */
  pin(place: DirectoryPlace): Directory {
    const handle = this.#handles.get(place) ?? this.#reopen(place);
    if (handle.pins === 0) {
      this.#pinned++;
      // The order of a Map is that of insertion: what was used last is closed last.
      this.#handles.delete(place);
      this.#handles.set(place, handle);
    }
    handle.pins++;
    return handle.directory;
  }

  unpin(place: DirectoryPlace): void {
    const handle = this.#handles.get(place);
    if (handle === undefined) return;
    handle.pins--;
    if (handle.pins > 0) return;
    this.#pinned--;
    this.#closeIdle();
  }

  /** Does something with the directory open. */
  with<Result>(place: DirectoryPlace, work: (directory: Directory) => Result): Result {
    const directory = this.pin(place);
    try {
      return work(directory);
    } finally {
      this.unpin(place);
    }
  }

  closeAll(): void {
    for (const { directory } of this.#handles.values()) directory.close();
    this.#handles.clear();
    this.#pinned = 0;
  }

  #reopen(place: DirectoryPlace): Handle {
    // From the nearest directory above that is open, down; a loop, since trees may be deeper than the stack.
    const closed: DirectoryPlace[] = [];
    for (let at: DirectoryPlace | null = place; at !== null && !this.#handles.has(at); at = at.parent) closed.push(at);
    let handle: Handle | null = null;
    for (const next of closed.reverse()) {
      const { parent } = next;
      if (parent === null) throw new Error("the target directory was closed while restoring");
      const directory: Directory = this.with(parent, (above) => above.openDirectory(next.name));
      const stat = directory.statSelf();
      const identity = `${stat.deviceId}:${stat.inode}`;
      if (identity !== this.#identities.get(next)) {
        directory.close();
        throw new Error(`${displayText(next.path)} was replaced by another directory while restoring`);
      }
      handle = { directory, identity, pins: 0 };
      this.#handles.set(next, handle);
    }
    if (handle === null) throw new Error(`${displayText(place.path)} is not open`);
    return handle;
  }

  #closeIdle(): void {
    let idle = this.#handles.size - this.#pinned;
    if (idle <= idleLimit) return;
    for (const [place, { directory, pins }] of this.#handles) {
      if (idle <= idleLimit) return;
      if (pins > 0) continue;
      this.#handles.delete(place);
      directory.close();
      idle--;
    }
  }
}
