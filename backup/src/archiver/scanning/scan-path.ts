import type { ByteString } from "../../byte-string/index.ts";
import { joinBytes } from "../../byte-string/index.ts";
import { type Directory, type FileStat, openRoot } from "../../filesystem/index.ts";
import { baseName, parentPath } from "../walking/clean-path.ts";
import type { Selector } from "../walking/selection.ts";

/** Files that a backup will come to, and their bytes. */
export interface ScanTotals {
  files: number;
  bytes: number;
}

/** So many entries are looked at between two reports. */
const entriesPerReport = 4096;

/**
 * Counts what a backup of this path will find. What cannot be read is passed over without a word: the backup itself will say so.
 * `path` is absolute; `report` gets the growing totals now and then.
 */
export function scanPath(path: ByteString, selector: Selector, totals: ScanTotals, report: () => void): void {
  let entries = 0;

  function count(directory: Directory, name: ByteString, at: ByteString, deviceId: bigint | null): void {
    entries += 1;
    if (entries % entriesPerReport === 0) report();
    if (deviceId !== null && selector.isExcludedByPath(at)) return;
    const stat = statOrNull(directory, name);
    if (stat === null) return;
    const device = deviceId ?? stat.deviceId;
    if (stat.type === "dir") enter(directory, name, at, device);
    else if (stat.type === "file" && !selector.isOtherFileSystem(device, stat) && !selector.isExcludedByStat(stat)) {
      totals.files += 1;
      totals.bytes += stat.size;
    }
  }

  function enter(parent: Directory, name: ByteString, at: ByteString, deviceId: bigint): void {
    try {
      using directory = parent.openDirectory(name);
      if (selector.isOtherFileSystem(deviceId, directory.statSelf())) return;
      const only = selector.onlyNames(directory);
      for (const child of directory.readNames()) {
        if (only === null || only.has(child)) count(directory, child, joinBytes(at, "/", child), deviceId);
      }
    } catch {
      // Not readable, or gone.
    }
  }

  try {
    using parent = openRoot(parentPath(path), { isPathOnly: true });
    count(parent, baseName(path), path, null);
  } catch {
    // The target is not there.
  }
}

function statOrNull(directory: Directory, name: ByteString): FileStat | null {
  try {
    return directory.stat(name);
  } catch {
    return null;
  }
}
