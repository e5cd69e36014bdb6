import type { TextEncoding } from "./text-encoding.ts";

/** Lines longer than this many bytes are cut; what is beyond, to the next line end, is skipped. */
export const MAXIMUM_LINE_BYTES = 262_144;

/** Room for one line that is too long to be seen to be so, its line end included. */
export const READ_BUFFER_BYTES = MAXIMUM_LINE_BYTES + 4096;

/** Where in a line the bytes begin: at its beginning, behind the part of it that was kept, or behind a part that was handed on for want of a line end. */
export type LineState = "start" | "skipping" | "continued";

export interface LinesOfBytes {
  readonly lines: string[];
  /** For each line the index of the first byte behind it and its line end. */
  readonly ends: number[];
  /** Indexes of lines that were cut. */
  readonly cut: number[];
  /** Bytes that are done with: the rest is the beginning of a line, to be given again with what follows it. */
  readonly consumed: number;
  /** What the bytes behind `consumed` begin with. */
  readonly state: LineState;
}

export interface SplitOptions {
  readonly encoding: TextEncoding;
  readonly state: LineState;
  readonly maximumLines: number;
  /** Whether what has no line end is handed on as a line all the same. */
  readonly isFinal: boolean;
}

/**
 * Takes the lines out of bytes. CR before LF is no part of a line; NULs at its beginning are left out (holes, where a file was
 * truncated under a writer that does not append), others become U+FFFD. Pure.
 */
export function splitLines(bytes: Buffer, options: SplitOptions): LinesOfBytes {
  const { encoding, maximumLines } = options;
  const { length } = bytes;
  const lines: string[] = [];
  const ends: number[] = [];
  const cut: number[] = [];
  const read = encoding.reader(bytes, 0, length);
  const hasNul = encoding.unitBytes === 1 && bytes.includes(0);
  let start = 0;
  let state = options.state;

  const take = (end: number, behind: number) => {
    const from = hasNul ? skipNuls(bytes, start, end) : start;
    let to = encoding.endsInReturn(bytes, from, end) ? end - encoding.unitBytes : end;
    if (to - from > MAXIMUM_LINE_BYTES) {
      to = encoding.borderBefore(bytes, from, from + MAXIMUM_LINE_BYTES);
      cut.push(lines.length);
    }
    // The end of a line of which the text was already handed on, or one made of NULs, is no empty line.
    if (to > from || (state === "start" && from === start)) {
      const line = read(from, to);
      lines.push(hasNul && line.includes("\0") ? line.replaceAll("\0", "\ufffd") : line);
      ends.push(behind);
    }
    start = behind;
    state = "start";
  };

  while (lines.length < maximumLines && start < length) {
    const lineFeed = encoding.findLineFeed(bytes, start, length);
    if (lineFeed === -1) break;
    const behind = lineFeed + encoding.unitBytes;
    if (state === "skipping") {
      start = behind;
      state = "start";
    } else take(lineFeed, behind);
  }
  if (lines.length >= maximumLines || start >= length) return { lines, ends, cut, consumed: start, state };

  const rest = length - start;
  const whole = start + rest - (rest % encoding.unitBytes);
  if (state === "skipping" || (hasNul && skipNuls(bytes, start, length) === length)) {
    return { lines, ends, cut, consumed: options.isFinal ? length : whole, state };
  }
  if (rest > MAXIMUM_LINE_BYTES + encoding.unitBytes) {
    take(whole, whole);
    return { lines, ends, cut, consumed: start, state: "skipping" };
  }
  if (!options.isFinal) return { lines, ends, cut, consumed: start, state };
  take(length, length);
  return { lines, ends, cut, consumed: start, state: "continued" };
}

function skipNuls(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] === 0) at++;
  return at;
}
