import { MessagePackError } from "./message-pack-error.ts";
import { kindOf } from "./message-pack-reader.ts";

/**
 * Cuts a stream of bytes into whole MessagePack values. Each byte of a value is looked at once however many pieces it comes in, and a value that says
 * it is longer than `maximumBytes` is refused when it says so, not when it was received.
 */
export class MessagePackStream {
  maximumBytes: number;
  readonly #maximumDepth: number;
  #buffer = Buffer.allocUnsafe(0);
  #start = 0;
  #end = 0;
  /** How far the value that begins at `#start` was looked at; may be past `#end`, for bytes need no looking at. */
  #scanned = 0;
  #isWhole = false;
  /** Values that are still to come, of each array and map that is open. */
  readonly #open: number[] = [];

  constructor(maximumBytes: number, maximumDepth = 32) {
    this.maximumBytes = maximumBytes;
    this.#maximumDepth = maximumDepth;
  }

  /** Bytes that are kept because their value is not whole. */
  get heldBytes(): number {
    return this.#end - this.#start;
  }

  push(bytes: Uint8Array): void {
    if (this.#end + bytes.length > this.#buffer.length) this.#makeRoom(bytes.length);
    this.#buffer.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /**
   * The bytes of the next whole value, or null until more came. They are valid until the next `push`. Throws MessagePackError for what is no MessagePack
   * or too long or too deep; the stream cannot be used then.
   */
  next(): Buffer | null {
    while (!this.#isWhole) if (!this.#scan()) return null;
    // What ends the value may be a text or bytes of which only the head came.
    if (this.#scanned > this.#end) return null;
    const value = this.#buffer.subarray(this.#start, this.#scanned);
    this.#start = this.#scanned;
    this.#isWhole = false;
    return value;
  }

  /** Looks at one head; false when it is not there as a whole. */
  #scan(): boolean {
    const at = this.#scanned;
    const head = at < this.#end ? this.#buffer[at] : undefined;
    if (head === undefined) return false;
    const lengthBytes = lengthBytesOf(head);
    const bodyAt = at + 1 + lengthBytes;
    if (bodyAt > this.#end) return false;
    const length = lengthBytes === 0 ? 0 : this.#buffer.readUIntBE(at + 1, lengthBytes);
    const kind = kindOf(head);
    if (kind === "array" || kind === "map") {
      const size = lengthBytes === 0 ? head & 0x0f : length;
      this.#scanned = bodyAt;
      this.#enter(kind === "map" ? size * 2 : size);
    } else {
      this.#scanned = bodyAt + bodyBytesOf(head, length);
      this.#checkLength(0);
      this.#countDown();
    }
    return true;
  }

  #enter(size: number): void {
    // Each value to come has a byte at least, so that a size nobody will send is refused by its head.
    this.#checkLength(size);
    if (size === 0) this.#countDown();
    else if (this.#open.length >= this.#maximumDepth) {
      throw new MessagePackError(`nested deeper than ${this.#maximumDepth}`);
    } else this.#open.push(size);
  }

  /** A value is complete, and with it those whose last it was. */
  #countDown(): void {
    for (;;) {
      const left = this.#open.pop();
      if (left === undefined) {
        this.#isWhole = true;
        return;
      }
      if (left > 1) {
        this.#open.push(left - 1);
        return;
      }
    }
  }

  #checkLength(more: number): void {
    if (this.#scanned - this.#start + more <= this.maximumBytes) return;
    throw new MessagePackError(`a message of more than ${this.maximumBytes} bytes`);
  }

  /** Moves what is held to the beginning of a buffer that has room. A large buffer goes when it is no longer needed. */
  #makeRoom(bytes: number): void {
    const held = this.heldBytes;
    const needed = held + bytes;
    const isTooSmall = needed > this.#buffer.length;
    const isTooLarge = this.#buffer.length > keptBytes && needed <= keptBytes / 4;
    // What the last `next` answered may still be read until now, never later.
    const target =
      isTooSmall || isTooLarge ? Buffer.allocUnsafe(Math.max(needed, isTooSmall ? held * 2 : 0)) : this.#buffer;
    this.#buffer.copy(target, 0, this.#start, this.#end);
    this.#buffer = target;
    this.#scanned -= this.#start;
    this.#start = 0;
    this.#end = held;
  }
}

const keptBytes = 1_048_576;

/** How many bytes after the first say how long what follows is, or how many. */
function lengthBytesOf(head: number): number {
  switch (head) {
    case 0xc4:
    case 0xc7:
    case 0xd9:
      return 1;
    case 0xc5:
    case 0xc8:
    case 0xda:
    case 0xdc:
    case 0xde:
      return 2;
    case 0xc6:
    case 0xc9:
    case 0xdb:
    case 0xdd:
    case 0xdf:
      return 4;
    default:
      return 0;
  }
}

/** Bytes after the head and its length. Arrays and maps are not asked for. */
function bodyBytesOf(head: number, length: number): number {
  if (head < 0x80 || head >= 0xe0) return 0;
  if (head < 0xc0) return head & 0x1f;
  if (head < 0xc7) return length;
  if (head < 0xca) return length + 1;
  if (head < 0xd4) return numberBytes[head - 0xca] ?? 0;
  // Extensions of a fixed size, with their type.
  if (head < 0xd9) return (1 << (head - 0xd4)) + 1;
  return length;
}

/** Of 0xca to 0xd3: float, double, unsigned and signed integers. */
const numberBytes = [4, 8, 1, 2, 4, 8, 1, 2, 4, 8] as const;
