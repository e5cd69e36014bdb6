const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;

/** The longest number that an index can hold: offsets and lengths are 32 bits. */
const largestInteger = 0xffff_ffff;
/** Deeper values than this are in no index; they are refused before they exhaust the stack. */
const deepest = 64;

/**
 * Reads JSON from bytes, front to back, calling back for members and elements. Values nobody asks for are skipped without being made.
 * Keys that are needed are short and plain; they are looked up rather than made again each time.
 */
export class JsonScanner {
  readonly bytes: Uint8Array;
  position = 0;
  readonly #makeError: (message: string) => Error;
  #depth = 0;

  constructor(bytes: Uint8Array, makeError: (message: string) => Error) {
    this.bytes = bytes;
    this.#makeError = makeError;
  }

  fail(message: string): never {
    throw this.#makeError(`${message} (at byte ${this.position} of ${this.bytes.length})`);
  }

  /** The character that the next value begins with; empty at the end. */
  peek(): string {
    this.#skipSpace();
    const byte = this.bytes[this.position];
    return byte === undefined ? "" : String.fromCharCode(byte);
  }

  /** Calls `member` for each member, which must read or skip the value. */
  object(member: (key: string) => void): void {
    this.#enter(0x7b);
    if (this.#leaveIf(0x7d)) return;
    do {
      const key = this.string();
      this.#expect(0x3a);
      member(key);
    } while (this.#hasMore(0x7d));
  }

  /** Calls `element` for each element, which must read or skip it. */
  array(element: () => void): void {
    this.#enter(0x5b);
    if (this.#leaveIf(0x5d)) return;
    do element();
    while (this.#hasMore(0x5d));
  }

  /** Goes past a string; returns where its text begins. It ends one byte (the quote) before `position`. */
  rawString(): number {
    this.#expect(quote);
    const start = this.position;
    for (let at = start; ; at++) {
      const byte = this.bytes[at];
      if (byte === quote) {
        this.position = at + 1;
        return start;
      }
      if (byte === backslash) at++;
      else if (byte === undefined || byte < 0x20) this.fail("a string that does not end");
    }
  }

  string(): string {
    const start = this.rawString();
    const end = this.position - 1;
    const known = this.#knownWord(start, end);
    if (known !== undefined) return known;
    try {
      return String(JSON.parse(Buffer.from(this.bytes.subarray(start - 1, end + 1)).toString("utf8")));
    } catch {
      return this.fail("a broken string");
    }
  }

  /** A whole number from 0 to 2^32 - 1. */
  integer(): number {
    this.#skipSpace();
    const start = this.position;
    let value = 0;
    let at = start;
    for (; ; at++) {
      const digit = (this.bytes[at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9 || value > largestInteger) break;
      value = value * 10 + digit;
    }
    this.position = at;
    const isSpelledOtherwise = at - start > 1 && this.bytes[start] === 0x30;
    if (at === start || value > largestInteger || isSpelledOtherwise)
      this.fail("a number that is not from 0 to 2^32 - 1");
    const next = this.bytes[at];
    if (next === 0x2e || next === 0x65 || next === 0x45) this.fail("a number that is not whole");
    return value;
  }

  /** Goes past a null, if that is what comes next. */
  skipNull(): boolean {
    if (this.peek() !== "n") return false;
    this.#skipWord();
    return true;
  }

  skipValue(): void {
    switch (this.peek()) {
      case "{":
        this.object(() => this.skipValue());
        return;
      case "[":
        this.array(() => this.skipValue());
        return;
      case '"':
        this.rawString();
        return;
      default:
        this.#skipWord();
    }
  }

  /** Nothing but space may follow. */
  end(): void {
    if (this.peek() !== "") this.fail("something after the end");
  }

  #skipSpace(): void {
    for (;;) {
      const byte = this.bytes[this.position];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.position++;
    }
  }

  #expect(byte: number): void {
    if (this.bytes[this.position] !== byte) this.#skipSpace();
    if (this.bytes[this.position] !== byte)
      this.fail(`no ${JSON.stringify(String.fromCharCode(byte))} where there must be one`);
    this.position++;
  }

  #enter(byte: number): void {
    this.#expect(byte);
    if (++this.#depth > deepest) this.fail("values nested too deeply");
  }

  #leaveIf(byte: number): boolean {
    this.#skipSpace();
    if (this.bytes[this.position] !== byte) return false;
    this.position++;
    this.#depth--;
    return true;
  }

  #hasMore(closing: number): boolean {
    if (this.bytes[this.position] === comma) {
      this.position++;
      return true;
    }
    if (this.#leaveIf(closing)) return false;
    this.#expect(comma);
    return true;
  }

  #skipWord(): void {
    const start = this.position;
    while (isWordByte(this.bytes[this.position])) this.position++;
    const word = Buffer.from(this.bytes.subarray(start, this.position)).toString("latin1");
    if (!/^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.test(word))
      this.fail("something that is no value");
  }

  #knownWord(start: number, end: number): string | undefined {
    const words = knownWords[end - start];
    if (words === undefined) return undefined;
    for (const { text, codes } of words) {
      let i = 0;
      while (i < codes.length && this.bytes[start + i] === codes[i]) i++;
      if (i === codes.length) return text;
    }
    return undefined;
  }
}

function isWordByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x2d ||
    byte === 0x2b ||
    byte === 0x2e ||
    byte === 0x45
  );
}

// By length: the words that index files are made of.
const knownWords: { text: string; codes: Uint8Array }[][] = [];
for (const text of [
  "id",
  "type",
  "data",
  "tree",
  "blobs",
  "packs",
  "offset",
  "length",
  "supersedes",
  "uncompressed_length",
]) {
  const words = knownWords[text.length] ?? [];
  knownWords[text.length] = words;
  words.push({ text, codes: Buffer.from(text, "latin1") });
}
