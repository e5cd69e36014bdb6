import { isAscii } from "node:buffer";

/** How bytes are text: where their lines end, and what they say. */
export interface TextEncoding {
  /** Bytes of the smallest character: 2 in UTF-16. */
  readonly unitBytes: 1 | 2;
  /** Index of the first byte of the next LF at or after `from`; -1 when there is none before `to`. `from` is at a character's border. */
  findLineFeed(bytes: Buffer, from: number, to: number): number;
  /** Whether the character before `end` is CR. */
  endsInReturn(bytes: Buffer, start: number, end: number): boolean;
  /** Makes the reader of one piece of bytes: what it decides for the whole piece need not be decided for each line. */
  reader(bytes: Buffer, from: number, to: number): (start: number, end: number) => string;
  /** The last border of a character at or before `end`. */
  borderBefore(bytes: Buffer, start: number, end: number): number;
}

/**
 * An encoding by its name in WHATWG's Encoding standard, or one of its labels. Throws RangeError for names that are none. What cannot be decoded becomes
 * U+FFFD.
 */
export function createTextEncoding(label: string): TextEncoding {
  const decoder = new TextDecoder(label, { ignoreBOM: true });
  if (decoder.encoding === "utf-8") return utf8;
  if (decoder.encoding === "utf-16le" || decoder.encoding === "utf-16be") {
    return createUtf16(decoder, decoder.encoding === "utf-16le" ? 0 : 1);
  }
  return {
    ...utf8,
    reader: (bytes) => (start, end) => decoder.decode(bytes.subarray(start, end)),
    borderBefore: (_bytes, _start, end) => end,
  };
}

/** The encoding that a byte order mark at the beginning of a file names, and the mark's length; null when there is none. Pure. */
export function readByteOrderMark(head: Uint8Array): { readonly label: string; readonly sizeBytes: number } | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { label: "utf-8", sizeBytes: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { label: "utf-16le", sizeBytes: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { label: "utf-16be", sizeBytes: 2 };
  return null;
}

const utf8: TextEncoding = {
  unitBytes: 1,
  findLineFeed(bytes, from, to) {
    const at = bytes.indexOf(0x0a, from);
    return at < to ? at : -1;
  },
  endsInReturn: (bytes, start, end) => end > start && bytes[end - 1] === 0x0d,
  // Latin 1 is three times as quick as UTF-8 for short lines, and the same for ASCII; looking costs next to nothing.
  reader: (bytes, from, to) =>
    isAscii(bytes.subarray(from, to))
      ? (start, end) => bytes.toString("latin1", start, end)
      : (start, end) => bytes.toString("utf8", start, end),
  borderBefore(bytes, start, end) {
    let border = end;
    while (border > start && border > end - 4 && ((bytes[border] ?? 0) & 0xc0) === 0x80) border--;
    return border;
  },
};

function createUtf16(decoder: TextDecoder, lowByte: 0 | 1): TextEncoding {
  const unitAt = (bytes: Buffer, at: number) => (bytes[at + lowByte] ?? 0) | ((bytes[at + 1 - lowByte] ?? 0) << 8);
  return {
    unitBytes: 2,
    findLineFeed(bytes, from, to) {
      for (let at = bytes.indexOf(0x0a, from); at !== -1 && at < to; at = bytes.indexOf(0x0a, at + 1)) {
        const unit = at - ((at - from) % 2);
        if (unit + 1 < to && unitAt(bytes, unit) === 0x0a) return unit;
      }
      return -1;
    },
    endsInReturn: (bytes, start, end) => end - 2 >= start && unitAt(bytes, end - 2) === 0x0d,
    reader: (bytes) => (start, end) => decoder.decode(bytes.subarray(start, end)),
    borderBefore: (_bytes, start, end) => end - ((end - start) % 2),
  };
}
