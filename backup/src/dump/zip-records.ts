/** An entry of a zip archive, as its records say it (APPNOTE.TXT 6.3.10). */
export interface ZipEntry {
  /** As UTF-8, at most 65,535 bytes; a directory's ends in a slash. */
  readonly name: Uint8Array;
  /** st_mode, with the type. */
  readonly mode: number;
  /** Seconds since 1970. */
  readonly mtimeSeconds: number;
  readonly isDirectory: boolean;
  readonly method: "stored" | "deflated";
  /** Whether sum and sizes follow the content, because they are not known before it. */
  readonly isStreamed: boolean;
  /** Whether the record before the content has room for sizes beyond 4 GiB; decided before they are known. */
  readonly isLarge: boolean;
}

/** What is known of an entry when its content has been written. */
export interface ZipContent {
  readonly crc32: number;
  readonly compressedBytes: number;
  readonly sizeBytes: number;
}

/** Longer names have no form in a zip. */
export const longestZipName = 0xffff;
/** From here on `isLarge`: deflated, content may become a little longer than it was. */
export const largeBytes = 0xf000_0000;

const most32 = 0xffff_ffff;
const most16 = 0xffff;
const methods = { stored: 0, deflated: 8 } as const;
/** Names are UTF-8. */
const utf8Flag = 0x0800;
const streamedFlag = 0x0008;
/** Made on Unix, so that modes count, by version 4.5, which knows sizes beyond 4 GiB. */
const madeBy = (3 << 8) | 45;

/** The record before an entry's content. */
export function localHeader(entry: ZipEntry, known: ZipContent): Buffer {
  const { isStreamed, isLarge } = entry;
  const content = isStreamed ? { crc32: 0, compressedBytes: 0, sizeBytes: 0 } : known;
  const extra = isLarge
    ? Buffer.concat([unixTime(entry), largeSizes([content.sizeBytes, content.compressedBytes])])
    : unixTime(entry);
  const header = Buffer.allocUnsafe(30);
  header.writeUInt32LE(0x04034b50, 0);
  writeBasics(header, 4, entry, isLarge);
  header.writeUInt32LE(content.crc32, 14);
  header.writeUInt32LE(isLarge ? most32 : content.compressedBytes, 18);
  header.writeUInt32LE(isLarge ? most32 : content.sizeBytes, 22);
  header.writeUInt16LE(entry.name.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, entry.name, extra]);
}

/** The record behind the content of an entry that `isStreamed`. */
export function dataDescriptor({ isLarge }: ZipEntry, { crc32, compressedBytes, sizeBytes }: ZipContent): Buffer {
  const descriptor = Buffer.alloc(isLarge ? 24 : 16);
  descriptor.writeUInt32LE(0x08074b50, 0);
  descriptor.writeUInt32LE(crc32, 4);
  if (isLarge) {
    descriptor.writeBigUInt64LE(BigInt(compressedBytes), 8);
    descriptor.writeBigUInt64LE(BigInt(sizeBytes), 16);
  } else {
    descriptor.writeUInt32LE(compressedBytes, 8);
    descriptor.writeUInt32LE(sizeBytes, 12);
  }
  return descriptor;
}

/** The entry's record in the directory at the archive's end; `offset` is where its local header begins. */
export function directoryRecord(entry: ZipEntry, content: ZipContent, offset: number): Buffer {
  const { crc32, compressedBytes, sizeBytes } = content;
  // Only what has no room above, in this order.
  const beyond = [sizeBytes, compressedBytes, offset].filter((value) => value >= most32);
  const extra = beyond.length === 0 ? unixTime(entry) : Buffer.concat([unixTime(entry), largeSizes(beyond)]);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(madeBy, 4);
  writeBasics(header, 6, entry, entry.isLarge || beyond.length > 0);
  header.writeUInt32LE(crc32, 16);
  header.writeUInt32LE(Math.min(compressedBytes, most32), 20);
  header.writeUInt32LE(Math.min(sizeBytes, most32), 24);
  header.writeUInt16LE(entry.name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt16LE(entry.mode & most16, 40);
  // MS-DOS's own attributes, for those who know no modes.
  header.writeUInt16LE(entry.isDirectory ? 0x10 : 0, 38);
  header.writeUInt32LE(Math.min(offset, most32), 42);
  return Buffer.concat([header, entry.name, extra]);
}

/** What ends an archive whose directory of `count` records and `sizeBytes` begins at `offset`. */
export function directoryEnd(count: number, sizeBytes: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(count, most16), 8);
  end.writeUInt16LE(Math.min(count, most16), 10);
  end.writeUInt32LE(Math.min(sizeBytes, most32), 12);
  end.writeUInt32LE(Math.min(offset, most32), 16);
  if (count < most16 && sizeBytes < most32 && offset < most32) return end;
  const large = Buffer.alloc(56 + 20);
  large.writeUInt32LE(0x06064b50, 0);
  large.writeBigUInt64LE(44n, 4);
  large.writeUInt16LE(madeBy, 12);
  large.writeUInt16LE(45, 14);
  large.writeBigUInt64LE(BigInt(count), 24);
  large.writeBigUInt64LE(BigInt(count), 32);
  large.writeBigUInt64LE(BigInt(sizeBytes), 40);
  large.writeBigUInt64LE(BigInt(offset), 48);
  large.writeUInt32LE(0x07064b50, 56);
  large.writeBigUInt64LE(BigInt(offset + sizeBytes), 64);
  large.writeUInt32LE(1, 72);
  return Buffer.concat([large, end]);
}

/** Version needed, flags, method, date: the same in both records of an entry. */
function writeBasics(header: Buffer, at: number, entry: ZipEntry, isLarge: boolean): void {
  header.writeUInt16LE(isLarge ? 45 : 20, at);
  header.writeUInt16LE(entry.isStreamed ? utf8Flag | streamedFlag : utf8Flag, at + 2);
  header.writeUInt16LE(methods[entry.method], at + 4);
  header.writeUInt32LE(dosInstant(entry.mtimeSeconds), at + 6);
}

/** Time, then date; on this host's clock, as others have it. What MS-DOS cannot say becomes its first or last instant. */
function dosInstant(mtimeSeconds: number): number {
  const date = new Date(mtimeSeconds * 1000);
  const year = date.getFullYear();
  if (year < 1980) return ((1 << 5) | 1) * 0x1_0000;
  if (year > 2107) return 0xff9f_bf7d;
  const day = ((year - 1980) << 9) | ((date.getMonth() + 1) << 5) | date.getDate();
  return day * 0x1_0000 + ((date.getHours() << 11) | (date.getMinutes() << 5) | (date.getSeconds() >> 1));
}

/** The extra field with the seconds since 1970 (32 bits with sign), which the date above does not have exactly. */
function unixTime({ mtimeSeconds }: ZipEntry): Buffer {
  const extra = Buffer.allocUnsafe(9);
  extra.writeUInt16LE(0x5455, 0);
  extra.writeUInt16LE(5, 2);
  extra.writeUInt8(1, 4);
  extra.writeInt32LE(Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, mtimeSeconds)), 5);
  return extra;
}

function largeSizes(values: readonly number[]): Buffer {
  const extra = Buffer.allocUnsafe(4 + values.length * 8);
  extra.writeUInt16LE(0x0001, 0);
  extra.writeUInt16LE(values.length * 8, 2);
  for (const [at, value] of values.entries()) extra.writeBigUInt64LE(BigInt(value), 4 + at * 8);
  return extra;
}
