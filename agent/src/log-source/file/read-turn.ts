import { fstatSync, read } from "node:fs";
import { promisify } from "node:util";
import { joinLines } from "../text/join-lines.ts";
import { type LinesOfBytes, splitLines } from "../text/split-lines.ts";
import { createTextEncoding, readByteOrderMark, type TextEncoding } from "../text/text-encoding.ts";
import { mayBeAnother } from "./directory-stamp.ts";
import { beginsWith, type FilePiece, HEAD_BYTES, pieceOf, readHeadBytes, tailOf } from "./file-head.ts";
import type { Following } from "./following.ts";
import { positionOf, type TailedFile } from "./tailed-file.ts";

const readFrom = promisify(read);

/** So many lines are in a batch at most, where they are short. */
const MAXIMUM_BATCH_LINES = 4096;

/**
 * What one turn came to. `replaced`: the file is no longer what was read of it, by truncation or since its inode was used again; `uncertain`: it may be so, as far as
 * can be told before its directory is settled. Then nothing was handed on.
 */
export type TurnOutcome = "more" | "end" | "replaced" | "uncertain";

/**
 * Reads one buffer of an open file behind its offset, hands on its complete lines and moves on behind them. That the file still begins as it did is looked at
 * after reading, so that what was read is never of another content.
 */
export async function readTurn(following: Following, file: TailedFile, descriptor: number): Promise<TurnOutcome> {
  file.isBusy = true;
  try {
    const taken = await following.buffers.lend(async (buffer) => {
      // From before the offset: what is there has to be what was read last.
      const from = file.offset - file.tail.length;
      const { bytesRead } = await readFrom(descriptor, buffer, 0, buffer.length, from);
      return takeLines(following, file, descriptor, buffer.subarray(0, bytesRead), bytesRead === buffer.length);
    });
    if (typeof taken === "string") return taken;
    await handOn(following, file, taken.lines, taken.tail);
    return taken.isMore ? "more" : "end";
  } finally {
    file.isBusy = false;
  }
}

/** Hands on lines of a file and moves its offset behind them, once they were taken. */
export async function handOn(
  following: Following,
  file: TailedFile,
  found: LinesOfBytes,
  tail: FilePiece,
): Promise<void> {
  const offset = file.offset + found.consumed;
  if (found.consumed > 0) {
    await following.emit({
      path: file.name,
      lines: found.lines,
      cut: found.cut,
      sizeBytes: found.consumed,
      positions: [positionOf(file, { offset, state: found.state, tail })],
    });
    file.quietSinceMs = following.monotonicMs();
  }
  if (found.consumed > 0) file.before = { offset: file.offset, tail: file.tail };
  file.offset = offset;
  file.state = found.state;
  file.tail = tail;
}

function takeLines(
  following: Following,
  file: TailedFile,
  descriptor: number,
  withTail: Buffer,
  isFull: boolean,
): "replaced" | "uncertain" | { readonly lines: LinesOfBytes; readonly tail: FilePiece; readonly isMore: boolean } {
  const head = readHeadBytes(descriptor);
  const { size } = fstatSync(descriptor);
  if (size < file.offset || !beginsWith(head, file.head) || !beginsWith(withTail, file.tail)) return "replaced";
  const isFilled = file.head.length === 0 && head.length > 0;
  if (isFilled || mayBeAnother(following, file)) return "uncertain";
  file.size = size;
  if (file.head.length < HEAD_BYTES && head.length > file.head.length) file.head = pieceOf(head);
  const bytes = withTail.subarray(file.tail.length);
  const encoding = encodingOf(following, file, head);

  const end = file.offset + bytes.length;
  const holdMs = following.multiline?.timeoutMs ?? following.times.partialLineMs;
  const nowMs = following.monotonicMs();
  const isDue = !isFull && file.held?.size === end && nowMs - file.held.sinceMs >= holdMs;
  const found = linesOf(following, bytes, { file, encoding, isFull, isDue });
  const isMore = isFull || found.isLimited;
  const isHeld = !isMore && found.lines.consumed < bytes.length;
  if (!isHeld) file.held = null;
  else if (file.held?.size !== end) file.held = { size: end, sinceMs: nowMs };
  if (isHeld) following.timed.add(file);
  const { consumed } = found.lines;
  const tail = consumed === 0 ? file.tail : tailOf(withTail.subarray(0, file.tail.length + consumed));
  return { lines: found.lines, tail, isMore };
}

function linesOf(
  following: Following,
  bytes: Buffer,
  how: {
    readonly file: TailedFile;
    readonly encoding: TextEncoding;
    readonly isFull: boolean;
    readonly isDue: boolean;
  },
): { readonly lines: LinesOfBytes; readonly isLimited: boolean } {
  const { multiline } = following;
  const maximumLines = Math.max(MAXIMUM_BATCH_LINES, (multiline?.maximumLines ?? 0) + 1);
  // A mark at the file's beginning is no text.
  const skipped = how.file.offset === 0 ? markLength(bytes) : 0;
  const split = splitLines(bytes.subarray(skipped), {
    encoding: how.encoding,
    state: how.file.state,
    maximumLines,
    isFinal: how.isDue,
  });
  const isLimited = split.lines.length >= maximumLines;
  let lines = multiline === null ? split : joinLines(split, { ...multiline, isFinal: how.isDue });
  if (multiline !== null && lines.consumed === 0 && (how.isFull || isLimited)) {
    lines = joinLines(split, { ...multiline, isFinal: true });
  }
  return { lines: lines.consumed > 0 ? { ...lines, consumed: lines.consumed + skipped } : lines, isLimited };
}

function encodingOf(following: Following, file: TailedFile, head: Buffer): TextEncoding {
  if (file.encoding !== null) return file.encoding;
  const encoding = createTextEncoding(readByteOrderMark(head)?.label ?? following.encoding);
  // A mark may still be on its way.
  if (head.length >= 3) file.encoding = encoding;
  return encoding;
}

function markLength(bytes: Buffer): number {
  return readByteOrderMark(bytes)?.sizeBytes ?? 0;
}
