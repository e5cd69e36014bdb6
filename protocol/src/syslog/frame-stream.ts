/** One message of a stream. */
export interface SyslogFrame {
  /** Valid until the next `push`. */
  readonly bytes: Uint8Array;
  /** It was longer than is taken, or the stream ended within it. */
  readonly isCut: boolean;
}

/** A count nobody can mean: the stream is not understood any more. */
export class SyslogFrameError extends Error {
  override readonly name = "SyslogFrameError";
}

const largestCountDigits = 8;

/**
 * Cuts a stream into messages (RFC 6587), each by itself: `123 <` begins one of 123 bytes (octet counting), everything else ends at LF or NUL. What is
 * longer than `maximumBytes` is cut there, and its rest thrown away as it comes.
 */
export class SyslogFrameStream {
  readonly #maximumBytes: number;
  #held: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Where the search for an end goes on. */
  #searched = 0;
  /** Of a message that was cut: bytes of its rest, or `line` for all up to its end. */
  #skipping: number | "line" = 0;

  constructor(maximumBytes: number) {
    this.#maximumBytes = maximumBytes;
  }

  get heldBytes(): number {
    return this.#held.length - this.#at;
  }

  push(bytes: Uint8Array): void {
    const rest = this.#held.subarray(this.#at);
    this.#held =
      rest.length === 0 ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length) : Buffer.concat([rest, bytes]);
    this.#searched -= this.#at;
    this.#at = 0;
  }

  /** The next message; null until more came. Throws SyslogFrameError when a count cannot be meant. */
  next(): SyslogFrame | null {
    if (!this.#skip()) return null;
    this.#skipEnds();
    if (this.#at === this.#held.length) return null;
    const count = this.#readCount();
    if (count === null) return null;
    return count === "none" ? this.#nextLine() : this.#nextCounted(count.length, count.start);
  }

  /** What is left when the stream has ended. */
  end(): SyslogFrame | null {
    const isWanted = this.#skipping === 0;
    if (isWanted) this.#skipEnds();
    const counted = isWanted ? this.#readCount() : null;
    const start = counted !== null && counted !== "none" ? counted.start : this.#at;
    const bytes = this.#held.subarray(start);
    this.#at = this.#held.length;
    if (!isWanted || bytes.length === 0) return null;
    // Many close after their last line without ending it.
    return {
      bytes: bytes.subarray(0, this.#maximumBytes),
      isCut: counted !== "none" || bytes.length > this.#maximumBytes,
    };
  }

  #nextCounted(length: number, start: number): SyslogFrame | null {
    const taken = Math.min(length, this.#maximumBytes);
    if (this.#held.length - start < taken) return null;
    this.#move(start + taken);
    this.#skipping = length - taken;
    return { bytes: this.#held.subarray(start, start + taken), isCut: taken < length };
  }

  #nextLine(): SyslogFrame | null {
    const start = this.#at;
    const end = this.#findEnd();
    if (end !== -1 && end - start <= this.#maximumBytes) {
      this.#move(end + 1);
      return { bytes: this.#held.subarray(start, end), isCut: false };
    }
    if (end === -1 && this.#held.length - start <= this.#maximumBytes) return null;
    this.#move(start + this.#maximumBytes);
    this.#skipping = "line";
    return { bytes: this.#held.subarray(start, this.#at), isCut: true };
  }

  /** `LENGTH SP` with a message behind it; null when that cannot be said yet. */
  #readCount(): { readonly length: number; readonly start: number } | "none" | null {
    const first = this.#held[this.#at] ?? 0;
    if (first < 0x31 || first > 0x39) return "none";
    let at = this.#at;
    let length = 0;
    for (; isDigit(this.#held[at]); at += 1) {
      if (at - this.#at === largestCountDigits) throw new SyslogFrameError("a count of more than 8 digits");
      length = length * 10 + (this.#held[at] ?? 0) - 0x30;
    }
    if (at + 1 >= this.#held.length && (at === this.#held.length || this.#held[at] === 0x20)) return null;
    const isCount = this.#held[at] === 0x20 && this.#held[at + 1] === 0x3c;
    return isCount ? { length, start: at + 1 } : "none";
  }

  /** Whether the rest of a message that was cut is gone. */
  #skip(): boolean {
    if (this.#skipping === "line") {
      const end = this.#findEnd();
      this.#move(end === -1 ? this.#held.length : end + 1);
      if (end === -1) return false;
      this.#skipping = 0;
    }
    const skipped = Math.min(this.#skipping, this.#held.length - this.#at);
    this.#move(this.#at + skipped);
    this.#skipping -= skipped;
    return this.#skipping === 0;
  }

  /** Line ends between messages, and those behind counted ones. */
  #skipEnds(): void {
    for (let byte = this.#held[this.#at]; byte === 0x0a || byte === 0 || byte === 0x0d; byte = this.#held[this.#at]) {
      this.#move(this.#at + 1);
    }
  }

  #findEnd(): number {
    const from = Math.max(this.#searched, this.#at);
    const lineEnd = this.#held.indexOf(0x0a, from);
    const within = lineEnd === -1 ? this.#held : this.#held.subarray(0, lineEnd);
    const nul = within.indexOf(0, from);
    this.#searched = this.#held.length;
    if (nul === -1 && lineEnd === -1) return -1;
    this.#searched = 0;
    return nul === -1 ? lineEnd : nul;
  }

  #move(at: number): void {
    this.#at = at;
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
