import { type FileHandle, open, readFile, unlink } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { type JsonOf, readCount, readList, readNumber, readObject, readText } from "../kept-json/index.ts";
import { type CheckpointChange, joinChanges, readSourceCheckpoint } from "./checkpoint.ts";

/** What is said of a group of entries. The first says also whose they are. */
const readGroupHeader = readObject({
  source: readText,
  tag: readText,
  destinations: readList(readText),
  records: readCount,
  oldestAtMs: readNumber,
  checkpoint: readSourceCheckpoint,
});
export type GroupHeader = JsonOf<typeof readGroupHeader>;

/** An open chunk as its journal has it. */
export interface JournalContent extends GroupHeader {
  readonly entries: Buffer;
}

/** Length of the header, length of the entries, checksum over both lengths, header and entries. */
const prefixBytes = 12;

/** The file of an open chunk: groups are appended, each survives as a whole or not at all. */
export interface Journal {
  readonly path: string;
  /** On disk when it resolves. After a failure the journal ends behind the group before. */
  append(header: GroupHeader, entries: Buffer): Promise<void>;
  /** Closes the file and removes it. */
  remove(): Promise<void>;
  /** Closes the file. */
  close(): Promise<void>;
}

/** Makes the journal of a new chunk. */
export async function createJournal(path: string): Promise<Journal> {
  const file = await open(path, "w", 0o600);
  return journalOn(path, file);
}

function journalOn(path: string, file: FileHandle): Journal {
  let length = 0;
  let isClosed = false;
  async function close(): Promise<void> {
    if (isClosed) return;
    isClosed = true;
    await file.close();
  }
  return {
    path,
    async append(header, entries) {
      const group = formatGroup(header, entries);
      try {
        for (let at = 0; at < group.length; ) {
          at += (await file.write(group, at, group.length - at, length + at)).bytesWritten;
        }
        await file.datasync();
        length += group.length;
      } catch (error) {
        await file.truncate(length).catch(() => undefined);
        throw error;
      }
    },
    close,
    async remove() {
      await close();
      await unlink(path);
    },
  };
}

function formatGroup(header: GroupHeader, entries: Buffer): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const group = Buffer.allocUnsafe(prefixBytes + json.length + entries.length);
  group.writeUInt32BE(json.length, 0);
  group.writeUInt32BE(entries.length, 4);
  json.copy(group, prefixBytes);
  entries.copy(group, prefixBytes + json.length);
  group.writeUInt32BE(checksumOf(group, json.length + entries.length), 8);
  return group;
}

function checksumOf(group: Buffer, contentLength: number): number {
  return crc32(group.subarray(prefixBytes, prefixBytes + contentLength), crc32(group.subarray(0, 8)));
}

/** Reads what a journal holds, up to the first group that is not whole; undefined when there is none. */
export async function readJournal(path: string): Promise<JournalContent | undefined> {
  return parseJournal(await readFile(path));
}

/** As `readJournal`, of bytes. Pure. */
export function parseJournal(bytes: Buffer): JournalContent | undefined {
  const parts: Buffer[] = [];
  const checkpoint: CheckpointChange = {};
  let first: GroupHeader | undefined;
  let records = 0;
  for (let at = 0; at + prefixBytes <= bytes.length; ) {
    const headerLength = bytes.readUInt32BE(at);
    const entriesLength = bytes.readUInt32BE(at + 4);
    const end = at + prefixBytes + headerLength + entriesLength;
    if (end > bytes.length) break;
    const group = bytes.subarray(at, end);
    if (headerLength === 0 || checksumOf(group, headerLength + entriesLength) !== group.readUInt32BE(8)) break;
    const json = group.subarray(prefixBytes, prefixBytes + headerLength).toString();
    const header = readGroupHeader(JSON.parse(json));
    first ??= header;
    records += header.records;
    joinChanges(checkpoint, header.checkpoint);
    parts.push(group.subarray(prefixBytes + headerLength));
    at = end;
  }
  return first === undefined ? undefined : { ...first, records, checkpoint, entries: Buffer.concat(parts) };
}
