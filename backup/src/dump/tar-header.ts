import type { ByteString } from "../byte-string/index.ts";

/** An entry of a tar archive. All strings are bytes. */
export interface TarEntry {
  /** Relative; a directory's ends in a slash. */
  readonly path: ByteString;
  readonly type: "file" | "link" | "symlink" | "chardev" | "dev" | "dir" | "fifo";
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly user: ByteString;
  readonly group: ByteString;
  /** Bytes of content that follow; 0 for everything but files. */
  readonly size: number;
  /** Seconds since 1970 (floor) and nanoseconds after them. */
  readonly mtimeSeconds: number;
  readonly mtimeNanoseconds: number;
  readonly linkTarget: ByteString;
  readonly device: { readonly major: number; readonly minor: number };
  readonly extendedAttributes: readonly { readonly name: ByteString; readonly value: Uint8Array }[];
}

const blockBytes = 512;
const typeFlags = { file: "0", link: "1", symlink: "2", chardev: "3", dev: "4", dir: "5", fifo: "6" } as const;
const beyondAscii = /[^\x00-\x7f]/;

/**
 * The blocks before an entry's content: a ustar header (POSIX.1-1988), and before it, where something does not fit there, a pax extended header
 * (POSIX.1-2001) with the exact values; names are the bytes they are, as GNU tar writes them. Attributes are `SCHILY.xattr.NAME`, as GNU tar, bsdtar and star have them.
 */
export function tarHeader(entry: TarEntry): Buffer {
  const records = paxRecords(entry);
  const header = ustarHeader(entry, typeFlags[entry.type], entry.path, entry.size);
  if (records.length === 0) return header;
  const body = Buffer.concat(records);
  const name = `PaxHeaders/${entry.path.slice(-80).replace(/^\/+/, "")}`;
  const extended = ustarHeader({ ...entry, mode: 0o644, linkTarget: none }, "x", name, body.length);
  return Buffer.concat([extended, body, tarPadding(body.length), header]);
}

/** What follows content of this length, so that the next header begins at a block. */
export function tarPadding(length: number): Buffer {
  return Buffer.alloc((blockBytes - (length % blockBytes)) % blockBytes);
}

/** The end of an archive: two blocks of zeros. */
export function tarEnd(): Buffer {
  return Buffer.alloc(2 * blockBytes);
}

const none = "" as ByteString;

function paxRecords(entry: TarEntry): Buffer[] {
  const records: [string, string | Uint8Array][] = [];
  const isLong = (text: string, room: number) => text.length > room || beyondAscii.test(text);
  if (isLong(entry.path, 100)) records.push(["path", entry.path]);
  if (isLong(entry.linkTarget, 100)) records.push(["linkpath", entry.linkTarget]);
  if (isLong(entry.user, 31)) records.push(["uname", entry.user]);
  if (isLong(entry.group, 31)) records.push(["gname", entry.group]);
  if (entry.uid >= 0o10000000) records.push(["uid", String(entry.uid)]);
  if (entry.gid >= 0o10000000) records.push(["gid", String(entry.gid)]);
  if (entry.size >= 0o100000000000) records.push(["size", String(entry.size)]);
  const { mtimeSeconds, mtimeNanoseconds } = entry;
  if (mtimeNanoseconds !== 0 || mtimeSeconds < 0 || mtimeSeconds >= 0o100000000000) {
    records.push(["mtime", decimalTime(mtimeSeconds, mtimeNanoseconds)]);
  }
  for (const { name, value } of entry.extendedAttributes) records.push([`SCHILY.xattr.${name}`, value]);
  return records.map(([key, value]) => paxRecord(key, value));
}

/** `LENGTH KEY=VALUE\n`, where the length counts itself. */
function paxRecord(key: string, value: string | Uint8Array): Buffer {
  const bytes = typeof value === "string" ? Buffer.from(value, "latin1") : value;
  const rest = key.length + bytes.length + 3;
  let length = rest + String(rest).length;
  if (String(length).length !== String(rest).length) length++;
  return Buffer.concat([Buffer.from(`${length} ${key}=`, "latin1"), bytes, Buffer.from("\n")]);
}

/** Seconds as a decimal fraction; before 1970 the whole part is rounded up, for -0.25 is 1 s before plus 0.75. */
function decimalTime(seconds: number, nanoseconds: number): string {
  const isNegative = seconds < 0;
  const whole = isNegative && nanoseconds > 0 ? -(seconds + 1) : Math.abs(seconds);
  const fraction = isNegative && nanoseconds > 0 ? 1_000_000_000 - nanoseconds : nanoseconds;
  const digits = fraction === 0 ? "" : `.${String(fraction).padStart(9, "0").replace(/0+$/, "")}`;
  return `${isNegative ? "-" : ""}${whole}${digits}`;
}

function ustarHeader(entry: TarEntry, typeFlag: string, path: string, size: number): Buffer {
  const header = Buffer.alloc(blockBytes);
  header.write(path.slice(0, 100), 0, "latin1");
  writeOctal(header, 100, 8, entry.mode);
  writeOctal(header, 108, 8, entry.uid);
  writeOctal(header, 116, 8, entry.gid);
  writeOctal(header, 124, 12, size);
  writeOctal(header, 136, 12, entry.mtimeSeconds);
  header.write("        ", 148);
  header.write(typeFlag, 156);
  header.write(entry.linkTarget.slice(0, 100), 157, "latin1");
  header.write("ustar\x0000", 257, "latin1");
  header.write(entry.user.slice(0, 31), 265, "latin1");
  header.write(entry.group.slice(0, 31), 297, "latin1");
  writeOctal(header, 329, 8, entry.device.major);
  writeOctal(header, 337, 8, entry.device.minor);
  let sum = 0;
  for (const byte of header) sum += byte;
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}

/** What does not fit is 0 there, and exact in the pax header. */
function writeOctal(header: Buffer, offset: number, width: number, value: number): void {
  const fits = value >= 0 && value < 8 ** (width - 1);
  header.write(`${(fits ? value : 0).toString(8).padStart(width - 1, "0")}\0`, offset, "latin1");
}
