import { closeSync, readSync } from "node:fs";
import { type ByteString, byteString } from "../byte-string/index.ts";
import type { Directory } from "./directory.ts";

const signature = "Signature: 8a477f597d28d172789f06886806bc55";

/** Whether a directory says that it is a cache, by a CACHEDIR.TAG with the signature (bford.info/cachedir). */
export function isCacheDirectory(directory: Directory): boolean {
  return hasTagFile(directory, byteString("CACHEDIR.TAG"), byteString(signature));
}

/** Whether a file of that name is in the directory and begins with `header` (empty: any file will do). Unreadable ones do not count. */
export function hasTagFile(directory: Directory, name: ByteString, header: ByteString): boolean {
  if (header === "") return directory.statIfExists(name) !== null;
  let fd: number;
  try {
    fd = directory.openFile(name);
  } catch {
    return false;
  }
  try {
    const bytes = Buffer.alloc(header.length);
    return readSync(fd, bytes, 0, bytes.length, 0) === bytes.length && bytes.toString("latin1") === header;
  } catch {
    // A directory of that name, for one.
    return false;
  } finally {
    closeSync(fd);
  }
}
