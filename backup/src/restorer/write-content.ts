import { writeSync } from "node:fs";

/** Runs of zeros shorter than this, or not at such a boundary of the file, are written: no common filesystem makes smaller holes. */
const holeBytes = 4096;
const zeros = Buffer.alloc(holeBytes);

/** Writes all bytes at a place of a file; with `isSparse`, leaves out blocks of zeros (the file must be empty there). Returns bytes written. */
export function writeContent(fd: number, bytes: Uint8Array, position: number, isSparse: boolean): number {
  if (!isSparse) {
    writeFully(fd, bytes, position);
    return bytes.length;
  }
  let written = 0;
  for (const [start, end] of dataStretches(bytes, position)) {
    writeFully(fd, bytes.subarray(start, end), position + start);
    written += end - start;
  }
  return written;
}

/** The stretches of `bytes` that are not whole blocks of zeros, where they lie in the file at `position`: [start, end) within `bytes`. */
export function* dataStretches(bytes: Uint8Array, position: number): Generator<[number, number]> {
  let start = -1;
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + holeBytes - ((position + at) % holeBytes));
    const isHole = end - at === holeBytes && zeros.compare(bytes, at, end) === 0;
    if (isHole && start >= 0) {
      yield [start, at];
      start = -1;
    } else if (!isHole && start < 0) {
      start = at;
    }
    at = end;
  }
  if (start >= 0) yield [start, bytes.length];
}

/** Whether there is nothing but zeros; one native comparison of the bytes with themselves, one further on. */
export function onlyZeros(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && Buffer.compare(bytes.subarray(1), bytes.subarray(0, -1)) === 0;
}

function writeFully(fd: number, bytes: Uint8Array, position: number): void {
  // The kernel may write less than asked: at 2 GiB, or just before a disk is full.
  for (let at = 0; at < bytes.length; ) {
    at += writeSync(fd, bytes, at, bytes.length - at, position + at);
  }
}
