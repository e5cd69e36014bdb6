import { fstatSync, readSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { type Compression, decompress } from "./compression.ts";
import { beginsWith, type FilePiece, HEAD_BYTES, pieceOf, readHeadBytes, TAIL_BYTES, tailOf } from "./file-head.ts";

/** What is known of a generation by what was read of it. */
export interface ReadContent {
  readonly head: FilePiece;
  readonly tail: FilePiece;
  readonly offset: number;
}

/** How much was in a file, and what was last in it. */
export interface ContentEnd {
  readonly bytes: number;
  readonly tail: FilePiece;
}

/** A file that is open, compressed or not. */
export interface OpenContent {
  readonly descriptor: number;
  readonly compression: Compression | null;
}

/**
 * Whether an open file holds what was read of a generation: begins as it did, and has the same before the place it was read to. Throws where a compressed file cannot
 * be read.
 */
export async function holdsContent(file: OpenContent, read: ReadContent, signal: AbortSignal): Promise<boolean> {
  if (file.compression === null) return holdsNow(file.descriptor, read);
  const head = await readHead(file, signal);
  if (!beginsWith(head, read.head)) return false;
  if (read.offset <= head.length && read.tail.length === 0) return true;
  const scanned = await scan(file, read.offset, signal);
  return scanned.length === read.offset && (read.tail.length === 0 || isTail(scanned.last, read.tail));
}

/** The same of a plain file, at once. */
export function holdsNow(descriptor: number, read: ReadContent): boolean {
  if (fstatSync(descriptor).size < read.offset || !beginsWith(readHeadBytes(descriptor), read.head)) return false;
  const { length } = read.tail;
  if (length === 0) return true;
  const bytes = Buffer.allocUnsafe(length);
  return readSync(descriptor, bytes, 0, length, read.offset - length) === length && isTail(bytes, read.tail);
}

/** The first KB of what is in an open file. Throws where a compressed file cannot be read. */
export async function readHead(file: OpenContent, signal: AbortSignal): Promise<Buffer> {
  if (file.compression === null) return readHeadBytes(file.descriptor);
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of decompress(file.descriptor, file.compression, signal)) {
    pieces.push(piece);
    length += piece.length;
    if (length >= HEAD_BYTES) break;
  }
  return Buffer.concat(pieces).subarray(0, HEAD_BYTES);
}

/** How many bytes are in an open file, and the last of them. Reads a compressed one as a whole; throws where it cannot be read. */
export async function contentEnd(file: OpenContent, signal: AbortSignal): Promise<ContentEnd> {
  const { length, last } = await scan(file, Number.POSITIVE_INFINITY, signal);
  return { bytes: length, tail: tailOf(last) };
}

/** The same of the first bytes of a plain file. */
export function plainEnd(descriptor: number, bytes = fstatSync(descriptor).size): ContentEnd {
  return { bytes, tail: tailOf(lastBefore(descriptor, bytes)) };
}

/**
 * Whether what is in a file is what another, plain one has in it: all of it, or, for a copy that may still be being made, as far as it goes.
 */
export async function isCopyOf(
  copy: OpenContent,
  descriptor: number,
  extent: "all" | "so far",
  signal: AbortSignal,
): Promise<boolean> {
  const { size, mtimeMs } = fstatSync(descriptor);
  // Compressors keep the time of the last write: no two files have the same by chance, unless it is of whole seconds.
  const isSameTime = mtimeMs % 1000 !== 0 && fstatSync(copy.descriptor).mtimeMs === mtimeMs;
  let length = 0;
  for await (const piece of piecesOf(copy, signal)) {
    const original = Buffer.allocUnsafe(piece.length);
    if (readSync(descriptor, original, 0, piece.length, length) < piece.length || !original.equals(piece)) return false;
    length += piece.length;
    if (copy.compression !== null && isSameTime && length >= HEAD_BYTES) return true;
  }
  return extent === "all" ? length === size : length > 0;
}

/** What is in a file, piece by piece. */
async function* piecesOf({ descriptor, compression }: OpenContent, signal: AbortSignal): AsyncGenerator<Buffer> {
  if (compression !== null) return yield* decompress(descriptor, compression, signal);
  for (let at = 0; ; ) {
    const buffer = Buffer.allocUnsafe(65_536);
    const bytesRead = readSync(descriptor, buffer, 0, buffer.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
    // A file may be large, and others wait.
    await setImmediate();
  }
}

function lastBefore(descriptor: number, end: number): Buffer {
  const buffer = Buffer.allocUnsafe(Math.min(end, TAIL_BYTES));
  return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, end - buffer.length));
}

/** Reads what is in a file up to a place: how much that is, and the last of it. */
async function scan(
  { descriptor, compression }: OpenContent,
  end: number,
  signal: AbortSignal,
): Promise<{ readonly length: number; readonly last: Buffer }> {
  if (compression === null) {
    const length = Math.min(fstatSync(descriptor).size, end);
    return { length, last: lastBefore(descriptor, length) };
  }
  let length = 0;
  let last: Buffer = Buffer.alloc(0);
  for await (const piece of decompress(descriptor, compression, signal)) {
    const taken = piece.subarray(0, end - length);
    length += taken.length;
    last = Buffer.concat([last, taken.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
    if (length >= end) break;
  }
  return { length, last };
}

function isTail(bytes: Buffer, tail: FilePiece): boolean {
  return bytes.length >= tail.length && pieceOf(bytes.subarray(bytes.length - tail.length)).hash === tail.hash;
}
