import { closeSync, constants, openSync } from "node:fs";
import { type ByteString, joinBytes } from "../byte-string/index.ts";
import { clearProtection, codeOf, type Directory } from "../filesystem/index.ts";
import type { RestoreGate } from "./restore-gate.ts";
import type { RestoreReport } from "./restore-report.ts";
import type { RestoreSelection } from "./selection.ts";

export interface RemovalOptions {
  readonly selection: RestoreSelection;
  readonly report: RestoreReport;
  readonly isDryRun: boolean;
  readonly gate?: RestoreGate | undefined;
}

/**
 * Removes an entry the snapshot does not have, with everything below it that is selected. Follows no link, does not cross into another
 * filesystem, and leaves a directory in which something stays. Returns whether it is gone.
 */
export function removeExtraneous(
  directory: Directory,
  name: ByteString,
  path: ByteString,
  options: RemovalOptions,
): boolean {
  const { isSelected, childMayBeSelected } = options.selection.of(path);
  try {
    const stat = directory.statIfExists(name);
    if (stat === null) return true;
    const word = options.gate?.mayRemove(path, stat) ?? "remove";
    const mayGo = isSelected && word === "remove";
    if (stat.type !== "dir") return mayGo && remove(directory, name, path, options);
    if (!childMayBeSelected || word === "leave") return false;
    if (stat.deviceId !== directory.statSelf().deviceId) {
      options.report.notice("filesystem", path, "another filesystem is mounted there; nothing in it was deleted");
      return false;
    }
    return removeContents(directory, name, path, options) && mayGo && removeEmpty(directory, name, path, options);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    options.report.error(path, "delete", error);
    return false;
  }
}

function removeContents(parent: Directory, name: ByteString, path: ByteString, options: RemovalOptions): boolean {
  using directory = parent.openDirectory(name);
  let isEmpty = true;
  for (const child of directory.readNames()) {
    isEmpty = removeExtraneous(directory, child, joinBytes(path, "/", child), options) && isEmpty;
  }
  return isEmpty;
}

function remove(directory: Directory, name: ByteString, path: ByteString, options: RemovalOptions): boolean {
  if (!options.isDryRun) unprotected(directory, name, () => directory.remove(name));
  options.report.act("deleted", path, 0);
  return true;
}

function removeEmpty(directory: Directory, name: ByteString, path: ByteString, options: RemovalOptions): boolean {
  if (!options.isDryRun) unprotected(directory, name, () => directory.removeDirectory(name));
  options.report.act("deleted", path, 0);
  return true;
}

/** Does it; where flags forbid it (`chattr +i`), takes them away and does it again. */
function unprotected(directory: Directory, name: ByteString, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (codeOf(error) !== "EPERM") throw error;
    const fd = openSync(directory.pathOf(name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      clearProtection(fd);
    } finally {
      closeSync(fd);
    }
    action();
  }
}
