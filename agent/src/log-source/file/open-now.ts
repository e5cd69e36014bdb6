import { closeSync } from "node:fs";
import { pieceOf, readHeadBytes } from "./file-head.ts";
import { isSameIdentity } from "./file-identity.ts";
import type { Following } from "./following.ts";
import { openLogFile } from "./open-file.ts";
import type { TailedFile } from "./tailed-file.ts";

/**
 * Opens a rotated file as soon as it is known, since it may be compressed or deleted before it is its turn. What cannot be opened now is seen to when it is
 * its turn.
 */
export function openNow(following: Following, file: TailedFile): void {
  if (file.descriptor !== null) return;
  const opened = openLogFile(file.path, following.roots);
  if ("reason" in opened) return;
  if (!isSameIdentity(file, opened.stats)) {
    closeSync(opened.descriptor);
    return;
  }
  file.descriptor = opened.descriptor;
  if (file.compression === null && file.head.length === 0) file.head = pieceOf(readHeadBytes(opened.descriptor));
  following.openFiles.used(file);
}
