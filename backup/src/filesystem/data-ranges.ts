import type { FileStat } from "./file-stat.ts";
import { loadLibc } from "./libc.ts";

const SEEK_DATA = 3;
const SEEK_HOLE = 4;
/** There is no data from there on. */
const ENXIO = 6;

/** A part of a file that holds data. Bytes. */
export interface DataRange {
  readonly offset: number;
  readonly length: number;
}

/** Whether a file takes less room than its size: then it has holes (or is compressed by the filesystem), and `readDataRanges` is worth a call. */
export function mayHaveHoles(stat: FileStat): boolean {
  return stat.type === "file" && stat.blocks * 512 < stat.size;
}

/**
 * Where the next data of a file begins, from `offset` on; infinity where there is none; `offset` itself where the filesystem or libc cannot
 * say. Moves the descriptor's position.
 */
export function nextData(fd: number, offset: number): number {
  const libc = loadLibc();
  if (!libc.isAvailable) return offset;
  const data = Number(libc.calls.lseek(fd, offset, SEEK_DATA));
  if (data >= 0) return data;
  return libc.errno() === ENXIO ? Number.POSITIVE_INFINITY : offset;
}

/**
 * Where a file of `size` bytes holds data, from `start` on; between lie holes, which read as zeros. One range over everything where the
 * filesystem or libc cannot say. Moves the descriptor's position: read with explicit positions.
 */
export function readDataRanges(fd: number, size: number, start = 0): readonly DataRange[] {
  const libc = loadLibc();
  if (size <= start) return [];
  const whole = [{ offset: start, length: size - start }];
  if (!libc.isAvailable) return whole;
  const ranges: DataRange[] = [];
  let position = start;
  while (position < size) {
    const data = Number(libc.calls.lseek(fd, position, SEEK_DATA));
    if (data < 0) {
      // Anything else: the filesystem cannot say.
      return libc.errno() === ENXIO ? ranges : whole;
    }
    if (data >= size) return ranges;
    const hole = Number(libc.calls.lseek(fd, data, SEEK_HOLE));
    if (hole <= data) return whole;
    ranges.push({ offset: data, length: Math.min(hole, size) - data });
    position = hole;
  }
  return ranges;
}
