import type { Id } from "../blob/index.ts";

const nibbles = new Uint8Array(256).fill(255);
for (let digit = 0; digit < 16; digit++) nibbles[digit.toString(16).charCodeAt(0)] = digit;

/**
 * One id in binary, as bytes and as the eight words that a table compares. One is made per table and filled again for every question,
 * because questions come by the million.
 */
export class IdBytes {
  readonly words = new Uint32Array(8);
  readonly bytes = Buffer.from(this.words.buffer);

  /** Takes an id in hexadecimal; false when it is none. */
  setHex(id: Id): boolean {
    if (id.length !== 64) return false;
    for (let i = 0; i < 32; i++) {
      const high = nibbles[id.charCodeAt(2 * i)] ?? 255;
      const low = nibbles[id.charCodeAt(2 * i + 1)] ?? 255;
      if (high === 255 || low === 255) return false;
      this.bytes[i] = (high << 4) | low;
    }
    return true;
  }

  /** Takes 64 hexadecimal digits in ASCII at `at`; false when there are none. */
  setAscii(text: Uint8Array, at: number): boolean {
    for (let i = 0; i < 32; i++) {
      const high = nibbles[text[at + 2 * i] ?? 0] ?? 255;
      const low = nibbles[text[at + 2 * i + 1] ?? 0] ?? 255;
      if (high === 255 || low === 255) return false;
      this.bytes[i] = (high << 4) | low;
    }
    return true;
  }

  /** The id in hexadecimal. */
  hex(): Id {
    return this.bytes.toString("hex");
  }
}
