import type { ByteString } from "../byte-string/index.ts";
import type { NodeType } from "../tree/index.ts";
import { typeOfMode } from "./file-stat.ts";
import { statxInto } from "./libc-entry.ts";

/** Of a struct statx: what is before it says only which fields are there. */
const firstKeptByte = 16;

/** What lstat says of one entry after the other, as plain numbers: for who looks at very many and keeps nothing. */
export class StatNumbers {
  /** How much `keep` takes for an entry. */
  static readonly keptBytes = 128;
  type: NodeType = "irregular";
  /** Permission, set-id and sticky bits. */
  mode = 0;
  uid = 0;
  gid = 0;
  links = 0;
  size = 0;
  inode = 0;
  deviceMajor = 0;
  deviceMinor = 0;
  mtimeSeconds = 0;
  mtimeNanoseconds = 0;
  ctimeSeconds = 0;
  ctimeNanoseconds = 0;
  atimeSeconds = 0;
  atimeNanoseconds = 0;
  #last: DataView | null = null;
  #view: DataView | null = null;

  /**
   * Looks at an entry of an open directory, or with the empty name at what the descriptor stands for. False when that is not possible
   * this way: there is no such entry, no libc, or a number beyond 2^53.
   */
  lookAt(directoryFd: number, name: ByteString): boolean {
    const bytes = statxInto(directoryFd, name);
    if (bytes === null) return false;
    this.#last = bytes;
    return this.#read(bytes, 0);
  }

  /** Keeps what the last `lookAt` found as entry `number` of `target`: `keptBytes` for each. */
  keep(target: Buffer, number: number): void {
    if (this.#last === null) throw new Error("nothing was looked at");
    const from = new Uint8Array(this.#last.buffer, this.#last.byteOffset + firstKeptByte, StatNumbers.keptBytes);
    target.set(from, number * StatNumbers.keptBytes);
  }

  /** Takes what was kept. False as for `lookAt`. */
  recall(kept: Buffer, number: number): boolean {
    if (this.#view?.buffer !== kept.buffer || this.#view.byteOffset !== kept.byteOffset) {
      this.#view = new DataView(kept.buffer, kept.byteOffset, kept.length);
    }
    return this.#read(this.#view, number * StatNumbers.keptBytes - firstKeptByte);
  }

  /** Offsets: struct statx of linux/stat.h, the same on every architecture. */
  #read(bytes: DataView, base: number): boolean {
    const mode = bytes.getUint16(base + 28, true);
    this.type = typeOfMode(mode);
    this.mode = mode & 0o7777;
    this.links = bytes.getUint32(base + 16, true);
    this.uid = bytes.getUint32(base + 20, true);
    this.gid = bytes.getUint32(base + 24, true);
    this.inode = unsigned(bytes, base + 32);
    this.size = unsigned(bytes, base + 40);
    this.atimeSeconds = signed(bytes, base + 64);
    this.atimeNanoseconds = bytes.getUint32(base + 72, true);
    this.ctimeSeconds = signed(bytes, base + 96);
    this.ctimeNanoseconds = bytes.getUint32(base + 104, true);
    this.mtimeSeconds = signed(bytes, base + 112);
    this.mtimeNanoseconds = bytes.getUint32(base + 120, true);
    this.deviceMajor = bytes.getUint32(base + 136, true);
    this.deviceMinor = bytes.getUint32(base + 140, true);
    return this.inode <= Number.MAX_SAFE_INTEGER && this.size <= Number.MAX_SAFE_INTEGER;
  }

  /** Whether it is the same entry of the same file system, and did not change: of a directory, that it has the same names. */
  isSameAs(other: StatNumbers): boolean {
    return (
      this.inode === other.inode &&
      this.isOnDeviceOf(other) &&
      this.ctimeSeconds === other.ctimeSeconds &&
      this.ctimeNanoseconds === other.ctimeNanoseconds
    );
  }

  isOnDeviceOf(other: StatNumbers): boolean {
    return this.deviceMajor === other.deviceMajor && this.deviceMinor === other.deviceMinor;
  }
}

function unsigned(bytes: DataView, offset: number): number {
  return bytes.getUint32(offset + 4, true) * 0x1_0000_0000 + bytes.getUint32(offset, true);
}

function signed(bytes: DataView, offset: number): number {
  return bytes.getInt32(offset + 4, true) * 0x1_0000_0000 + bytes.getUint32(offset, true);
}
