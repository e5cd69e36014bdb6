import { type FSWatcher, statfsSync, statSync, watch } from "node:fs";

/** File systems that others may write to, or that tell nothing: NFS, CIFS, SMB2, 9p, FUSE, VirtualBox' folders (statfs(2), f_type). */
const silentFileSystems = new Set([0x6969, 0xff534d42, 0xfe534d42, 0x01021997, 0x65735546, 0x786f4256]);

/** Each watch takes kernel memory, and a user's watches are numbered. */
const MAXIMUM_WATCHES = 4096;

/** Watches one directory, as fs.watch does. Throws what the kernel says. */
export type WatchDirectory = (
  directory: string,
  onChange: (event: string, name: string | null) => void,
) => Pick<FSWatcher, "close"> & { on(event: "error", listener: () => void): unknown };

/** By inotify. */
export const watchDirectory: WatchDirectory = (directory, onChange) =>
  watch(directory, { persistent: false }, onChange);

/** What came of watching directories. */
export interface WatchOutcome {
  /** How many have to be looked at from time to time. */
  readonly unwatched: number;
  /** How many of them because the kernel, or our own limit, allows no more watches; and the reason, null when there are none. */
  readonly refused: number;
  readonly reason: string | null;
}

export interface DirectoryWatches {
  /** Watches these directories and no others. */
  set(directories: ReadonlySet<string>): WatchOutcome;
  close(): void;
}

/** Hears of files that come, go or change in directories. `onChange` gets the path; it is called often. */
export function createDirectoryWatches(
  watchOne: WatchDirectory,
  onChange: (path: string, isRename: boolean) => void,
): DirectoryWatches {
  const watches = new Map<string, { readonly watcher: ReturnType<WatchDirectory>; readonly inode: number }>();

  function drop(directory: string): void {
    watches.get(directory)?.watcher.close();
    watches.delete(directory);
  }

  /** True when it is watched; else why more watches are not to be had, null where that is not why. */
  function add(directory: string): true | string | null {
    try {
      const stats = statSync(directory);
      const known = watches.get(directory);
      // A directory that was made anew under the same name is another one; the watch stays with the old one and hears nothing.
      if (known?.inode === stats.ino) return true;
      drop(directory);
      if (silentFileSystems.has(statfsSync(directory).type)) return null;
      if (watches.size >= MAXIMUM_WATCHES) return `a source watches at most ${MAXIMUM_WATCHES} directories`;
      const watcher = watchOne(directory, (event, name) => {
        if (name !== null) onChange(`${directory}/${name}`, event === "rename");
      });
      watcher.on("error", () => drop(directory));
      watches.set(directory, { watcher, inode: stats.ino });
      return true;
    } catch (error) {
      // Anything else, ENOENT for one: it may come.
      return shortageOf(error);
    }
  }

  return {
    set(directories) {
      for (const directory of [...watches.keys()]) if (!directories.has(directory)) drop(directory);
      let unwatched = 0;
      let refused = 0;
      let reason: string | null = null;
      for (const directory of directories) {
        const added = add(directory === "" ? "/" : directory);
        if (added === true) continue;
        unwatched++;
        if (added === null) continue;
        refused++;
        reason ??= added;
      }
      return { unwatched, refused, reason };
    },
    close() {
      for (const directory of [...watches.keys()]) drop(directory);
    },
  };
}

/** What of the kernel's there is too little of, and which setting says how much there is; null for other errors. */
function shortageOf(error: unknown): string | null {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOSPC") return "the kernel has no inotify watch left (ENOSPC): raise fs.inotify.max_user_watches";
  if (code === "EMFILE") {
    return "the kernel has no inotify instance left (EMFILE): raise fs.inotify.max_user_instances, or the limit of open files";
  }
  return null;
}
