import { type FSWatcher, statfsSync, statSync, watch } from "node:fs";

/** File systems that others may write to, or that tell nothing: NFS, CIFS, SMB2, 9p, FUSE, VirtualBox' folders (statfs(2), f_type). */
const silentFileSystems = new Set([0x6969, 0xff534d42, 0xfe534d42, 0x01021997, 0x65735546, 0x786f4256]);

/** Each watch takes kernel memory, and a user's watches are numbered. */
const MAXIMUM_WATCHES = 4096;

export interface DirectoryWatches {
  /** Watches these directories and no others. Returns how many of them cannot be watched and have to be looked at from time to time. */
  set(directories: ReadonlySet<string>): number;
  close(): void;
}

/** Hears of files that come, go or change in directories, by inotify. `onChange` gets the path; it is called often. */
export function createDirectoryWatches(onChange: (path: string, isRename: boolean) => void): DirectoryWatches {
  const watches = new Map<string, { readonly watcher: FSWatcher; readonly inode: number }>();

  function drop(directory: string): void {
    watches.get(directory)?.watcher.close();
    watches.delete(directory);
  }

  function add(directory: string): boolean {
    try {
      const stats = statSync(directory);
      const known = watches.get(directory);
      // A directory that was made anew under the same name is another one; the watch stays with the old one and hears nothing.
      if (known?.inode === stats.ino) return true;
      drop(directory);
      if (watches.size >= MAXIMUM_WATCHES || silentFileSystems.has(statfsSync(directory).type)) return false;
      const watcher = watch(directory, { persistent: false }, (event, name) => {
        if (name !== null) onChange(`${directory}/${name}`, event === "rename");
      });
      watcher.on("error", () => drop(directory));
      watches.set(directory, { watcher, inode: stats.ino });
      return true;
    } catch {
      // ENOSPC: no watches are left. ENOENT: it may come.
      return false;
    }
  }

  return {
    set(directories) {
      for (const directory of [...watches.keys()]) if (!directories.has(directory)) drop(directory);
      let unwatched = 0;
      for (const directory of directories) if (!add(directory === "" ? "/" : directory)) unwatched++;
      return unwatched;
    },
    close() {
      for (const directory of [...watches.keys()]) drop(directory);
    },
  };
}
