import type { ByteString } from "../byte-string/index.ts";
import type { NodeType } from "../tree/index.ts";
import { typeOfMode } from "./file-stat.ts";
import { statxInto } from "./libc-entry.ts";

/** What lstat says of one entry after the other, as plain numbers: for who looks at very many and keeps nothing. */
export class StatNumbers {
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

  /**
   * Looks at an entry of an open directory, or with the empty name at what the descriptor stands for. False when that is not possible
   * this way: there is no such entry, no libc, or a number beyond 2^53.
   */
  lookAt(directoryFd: number, name: ByteString): boolean {
    const bytes = statxInto(directoryFd, name);
    if (bytes === null) return false;
    const mode = bytes.getUint16(28, true);
    this.type = typeOfMode(mode);
    this.mode = mode & 0o7777;
    this.links = bytes.getUint32(16, true);
    this.uid = bytes.getUint32(20, true);
    this.gid = bytes.getUint32(24, true);
    this.inode = unsigned(bytes, 32);
    this.size = unsigned(bytes, 40);
    this.atimeSeconds = signed(bytes, 64);
    this.atimeNanoseconds = bytes.getUint32(72, true);
    this.ctimeSeconds = signed(bytes, 96);
    this.ctimeNanoseconds = bytes.getUint32(104, true);
    this.mtimeSeconds = signed(bytes, 112);
    this.mtimeNanoseconds = bytes.getUint32(120, true);
    this.deviceMajor = bytes.getUint32(136, true);
    this.deviceMinor = bytes.getUint32(140, true);
    return this.inode <= Number.MAX_SAFE_INTEGER && this.size <= Number.MAX_SAFE_INTEGER;
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
