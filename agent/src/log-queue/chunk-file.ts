import { type FileHandle, open, unlink } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { type JsonOf, readCount, readList, readNumber, readObject, readText } from "../kept-json/index.ts";
import { readSourceCheckpoint } from "./checkpoint.ts";

/** What a closed chunk says of itself. */
const parseChunkHeader = readObject({
  /** Unique for ever: the receiver takes a chunk of this name once. Base64, as Forward has it. */
  id: readText,
  sequence: readCount,
  source: readText,
  tag: readText,
  destinations: readList(readText),
  records: readCount,
  /** When the first of its records was read. */
  oldestAtMs: readNumber,
  /** Compressed. */
  bodyBytes: readCount,
  bodyCrc32: readCount,
  checkpoint: readSourceCheckpoint,
});
export type ChunkHeader = JsonOf<typeof parseChunkHeader>;

/** A chunk of which something on disk is not as it was written. */
export class DamagedChunkError extends Error {
  override readonly name = "DamagedChunkError";
}

const magic = Buffer.from("MCLOGQ1\n", "latin1");
/** Magic, length of the header, checksum of the header. */
const prefixBytes = magic.length + 8;
const maximumHeaderBytes = 64 * 1024 * 1024;

/** What comes before the body. Pure. */
export function formatChunkHeader(header: ChunkHeader): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(prefixBytes);
  magic.copy(prefix);
  prefix.writeUInt32BE(json.length, magic.length);
  prefix.writeUInt32BE(crc32(json), magic.length + 4);
  return Buffer.concat([prefix, json]);
}

/** Writes buffers to a new file; they are on disk when it resolves. Nothing stays behind when that fails. */
export async function writeNewFile(path: string, buffers: readonly Buffer[]): Promise<void> {
  const file = await open(path, "w", 0o600);
  try {
    try {
      await writeAll(file, buffers);
      await file.datasync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await unlink(path).catch(() => undefined);
    throw error;
  }
}

/** On a disk that is nearly full a write may take a part and say so. */
async function writeAll(file: FileHandle, buffers: readonly Buffer[]): Promise<void> {
  for (const buffer of buffers) {
    for (let at = 0; at < buffer.length; ) at += (await file.write(buffer, at, buffer.length - at)).bytesWritten;
  }
}

/** What the file of a chunk says, and where its body begins. A *husk* has no body any more: it was acknowledged while the disk was full. */
export interface ReadChunkHeader {
  readonly header: ChunkHeader;
  readonly bodyAt: number;
  readonly isHusk: boolean;
}

/** Reads a chunk's header. Throws DamagedChunkError when it is none, or when the body is not whole. */
export async function readChunkHeader(path: string): Promise<ReadChunkHeader> {
  const file = await open(path, "r");
  try {
    return await readHeaderOf(file, path);
  } finally {
    await file.close();
  }
}

/** Reads a chunk's body. Throws DamagedChunkError when it is not what was written. */
export async function readChunkBody(path: string): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const { header, bodyAt } = await readHeaderOf(file, path);
    const body = await readExactly(file, bodyAt, header.bodyBytes);
    if (crc32(body) !== header.bodyCrc32) throw new DamagedChunkError(`${path}: the checksum of its body is wrong`);
    return body;
  } finally {
    await file.close();
  }
}

async function readHeaderOf(file: FileHandle, path: string): Promise<ReadChunkHeader> {
  const prefix = await readExactly(file, 0, prefixBytes);
  const length = prefix.length === prefixBytes ? prefix.readUInt32BE(magic.length) : 0;
  if (!prefix.subarray(0, magic.length).equals(magic) || length > maximumHeaderBytes) {
    throw new DamagedChunkError(`${path} is no chunk`);
  }
  const json = await readExactly(file, prefixBytes, length);
  if (json.length !== length || crc32(json) !== prefix.readUInt32BE(magic.length + 4)) {
    throw new DamagedChunkError(`${path}: its header is damaged`);
  }
  const header = parseChunkHeader(JSON.parse(json.toString()));
  const bodyAt = prefixBytes + length;
  const { size } = await file.stat();
  const isHusk = size === bodyAt;
  if (!isHusk && size !== bodyAt + header.bodyBytes) throw new DamagedChunkError(`${path}: its body is not whole`);
  return { header, bodyAt, isHusk };
}

async function readExactly(file: FileHandle, from: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let at = 0;
  while (at < length) {
    const { bytesRead } = await file.read(buffer, at, length - at, from + at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return buffer.subarray(0, at);
}
