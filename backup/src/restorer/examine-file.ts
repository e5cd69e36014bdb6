import { hash } from "node:crypto";
import { closeSync, readSync } from "node:fs";
import type { Id } from "../blob/index.ts";
import {
  applyMetadata,
  clearProtection,
  Directory,
  type Fault,
  faultOf,
  nextData,
  statOf,
} from "../filesystem/index.ts";
import type { ExaminedItem, ExaminedResult } from "./jobs.ts";
import { ZeroBlobs } from "./zero-blobs.ts";

/** Compares a file, or a part of it, with blobs. One that cannot be read is not equal; `failure` says why. */
export function examineFile(item: ExaminedItem, scratch: Scratch): ExaminedResult {
  const matches = new Uint8Array(item.runs.reduce((sum, { count }) => sum + count, 0));
  let opened: number | null = null;
  try {
    const { source } = item;
    opened = "fd" in source ? null : new Directory(source.directory).openFile(source.name);
    const fd = "fd" in source ? source.fd : (opened ?? -1);
    const stat = statOf(fd);
    const isAnother = "inode" in source && source.inode !== null && stat.inode !== source.inode;
    if (stat.type !== "file" || isAnother) return { matches, isEqual: false, failure: null, faults: [] };
    const areAllRight = compareBlobs(fd, stat.size, item, matches, scratch);
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
  size: number,
  { position: start, runs }: Pick<ExaminedItem, "position" | "runs">,
  matches: Uint8Array,
  scratch: Scratch,
): boolean {
  let position = start;
  let number = 0;
  let areAllRight = true;
  for (const { id, length, count } of runs) {
    const isZero = count > 1 && scratch.zeros.has(id, length);
    let dataAt = -1;
    for (const end = number + count; number < end; number++) {
      // A hole is not read: the system would make pages of zeros for all of its terabytes.
      if (isZero && dataAt <= position) dataAt = nextData(fd, position);
      const isInHole = isZero && position + length <= Math.min(dataAt, size);
      const isRight = isInHole || isContent(scratch.read(fd, position, length), id, length);
      matches[number] = isRight ? 1 : 0;
      areAllRight &&= isRight;
      position += length;
    }
  }
  return areAllRight;
}

function isContent(bytes: Uint8Array, id: Id, length: number): boolean {
  return bytes.length === length && hash("sha256", bytes, "hex") === id;
}

/** Memory to read into, kept between files, and the names of zeros. */
export class Scratch {
  readonly zeros = new ZeroBlobs();
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
