import { hash } from "node:crypto";
import { closeSync, readSync } from "node:fs";
import { applyMetadata, clearProtection, Directory, type Fault, faultOf, statOf } from "../filesystem/index.ts";
import type { ExaminedItem, ExaminedResult, ExpectedBlob } from "./jobs.ts";

/** Compares a file, or a part of it, with blobs. One that cannot be read is not equal; `failure` says why. */
export function examineFile(item: ExaminedItem, scratch: Scratch): ExaminedResult {
  const matches = new Uint8Array(item.blobs.length);
  let opened: number | null = null;
  try {
    const { source } = item;
    opened = "fd" in source ? null : new Directory(source.directory).openFile(source.name);
    const fd = "fd" in source ? source.fd : (opened ?? -1);
    const stat = statOf(fd);
    const isAnother = "inode" in source && source.inode !== null && stat.inode !== source.inode;
    if (stat.type !== "file" || isAnother) return { matches, isEqual: false, failure: null, faults: [] };
    const areAllRight = compareBlobs(fd, item.position, item.blobs, matches, scratch);
    const isEqual = areAllRight && stat.size === item.size;
    let faults: readonly Fault[] = [];
    if (isEqual && item.metadata !== null) {
      clearProtection(fd);
      faults = applyMetadata(fd, item.metadata);
    }
    return { matches, isEqual, failure: null, faults };
  } catch (error) {
    return { matches, isEqual: false, failure: faultOf("read", error), faults: [] };
  } finally {
    if (opened !== null) closeSync(opened);
  }
}

function compareBlobs(
  fd: number,
  start: number,
  blobs: readonly ExpectedBlob[],
  matches: Uint8Array,
  scratch: Scratch,
): boolean {
  let position = start;
  let areAllRight = true;
  for (const [at, { id, length }] of blobs.entries()) {
    const bytes = scratch.read(fd, position, length);
    const isRight = bytes.length === length && hash("sha256", bytes, "hex") === id;
    matches[at] = isRight ? 1 : 0;
    areAllRight &&= isRight;
    position += length;
  }
  return areAllRight;
}

/** Memory to read into, kept between files. */
export class Scratch {
  #bytes = Buffer.allocUnsafeSlow(64 * 1024);

  /** The bytes of a file at a place, fewer at its end; valid until the next call. */
  read(fd: number, position: number, length: number): Uint8Array {
    if (this.#bytes.length < length) this.#bytes = Buffer.allocUnsafeSlow(length);
    let filled = 0;
    while (filled < length) {
      const read = readSync(fd, this.#bytes, filled, length - filled, position + filled);
      if (read === 0) break;
      filled += read;
    }
    return this.#bytes.subarray(0, filled);
  }
}
