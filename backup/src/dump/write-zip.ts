import { crc32 } from "node:zlib";
import { type ByteString, displayText } from "../byte-string/index.ts";
import { instantSeconds, type Node } from "../tree/index.ts";
import type { ArchivedEntry } from "./archived-entry.ts";
import { deflateEnd, deflateParts, deflateWhole } from "./deflate-content.ts";
import { GatheredBytes } from "./gathered-bytes.ts";
import { type PreparedEntry, preparedEntries } from "./prepared-entries.ts";
import { readContent } from "./read-content.ts";
import type { ArchiveTools } from "./write-tar.ts";
import {
  dataDescriptor,
  directoryEnd,
  directoryRecord,
  largeBytes,
  localHeader,
  longestZipName,
  type ZipContent,
  type ZipEntry,
} from "./zip-records.ts";

/** Content that is read ahead of what is deflated; a blob has up to 8 MiB. */
const aheadBytes = 2 * 1024 * 1024;

/**
 * The bytes of a zip archive of these entries (zip64 where needed), which can be read as they come: small files have their sizes before their content, large
 * ones behind it. Links are stored as links, hard links as files of their own; names that are no UTF-8 have their odd bytes escaped. Beside what is read
 * ahead it keeps each entry's record for the directory at the end, some 60 bytes and the name.
 */
export async function* zipOf(entries: AsyncIterable<ArchivedEntry>, tools: ArchiveTools): AsyncGenerator<Uint8Array> {
  const { source, signal } = tools;
  const output = new GatheredBytes();
  const directory = new GatheredBytes();
  const directoryPieces: Uint8Array[] = [];
  let count = 0;

  function finishEntry(entry: ZipEntry, content: ZipContent, offset: number): void {
    count++;
    directory.add(directoryRecord(entry, content, offset));
    // One piece rather than many: each would cost more than what it holds.
    if (directory.isFull) directoryPieces.push(directory.take());
  }

  async function addWhole({ path, node }: PreparedEntry, content: Uint8Array): Promise<void> {
    tools.onBytes(node.type === "file" ? content.length : 0);
    const { method, bytes } = node.type === "file" ? await deflateWhole(content) : storedAs(content);
    const known = { crc32: crc32(content), compressedBytes: bytes.length, sizeBytes: content.length };
    const entry = zipEntryOf(path, node, { method, isStreamed: false, isLarge: false });
    const offset = output.position;
    output.add(localHeader(entry, known));
    output.add(bytes);
    finishEntry(entry, known, offset);
  }

  async function* addStreamed({ path, node, sizeBytes: expectedBytes }: PreparedEntry): AsyncGenerator<Uint8Array> {
    const entry = zipEntryOf(path, node, {
      method: "deflated",
      isStreamed: true,
      isLarge: expectedBytes >= largeBytes,
    });
    const offset = output.position;
    output.add(localHeader(entry, { crc32: 0, compressedBytes: 0, sizeBytes: 0 }));
    const contentAt = output.position;
    let sum = 0;
    let sizeBytes = 0;
    const reading = { aheadBytes, ...(signal === undefined ? {} : { signal }) };
    for await (const { plain, deflated } of deflateParts(readContent(source, node.content ?? [], reading))) {
      tools.onBytes(plain.length);
      sum = crc32(plain, sum);
      sizeBytes += plain.length;
      output.add(deflated);
      if (output.isFull) yield output.take();
    }
    output.add(deflateEnd);
    const content = { crc32: sum, compressedBytes: output.position - contentAt, sizeBytes };
    output.add(dataDescriptor(entry, content));
    finishEntry(entry, content, offset);
  }

  const hasContent = ({ node }: ArchivedEntry) => node.type === "file";
  for await (const batch of preparedEntries(entries, { source, hasContent, signal })) {
    for (const prepared of batch) {
      const { path, node, content } = prepared;
      if (!isStorable(path, node)) {
        tools.onOmitted(displayText(path));
        continue;
      }
      tools.onEntry(displayText(path));
      if (content === null) yield* addStreamed(prepared);
      else await addWhole(prepared, node.type === "symlink" ? linkTarget(node) : inOnePiece(content));
      if (output.isFull) yield output.take();
    }
  }
  const offset = output.position;
  directoryPieces.push(directory.take());
  yield output.take();
  yield* directoryPieces;
  yield directoryEnd(count, directory.position, offset);
}

function storedAs(bytes: Uint8Array) {
  return { method: "stored", bytes } as const;
}

function inOnePiece(content: readonly Uint8Array[]): Uint8Array {
  const [only] = content;
  return only !== undefined && content.length === 1 ? only : Buffer.concat(content);
}

function linkTarget(node: Node): Uint8Array {
  return Buffer.from(node.linkTarget ?? "", "latin1");
}

const typeBits = { file: 0o100000, dir: 0o040000, symlink: 0o120000 } as const;

function isStorable(path: ByteString, { type }: Node): boolean {
  // A name of bytes that are no UTF-8 becomes longer.
  return type in typeBits && (path.length < longestZipName / 8 || zipName(path, type).length <= longestZipName);
}

function zipEntryOf(
  path: ByteString,
  { type, mode, mtime }: Node,
  form: Pick<ZipEntry, "method" | "isStreamed" | "isLarge">,
): ZipEntry {
  const bits = type === "file" || type === "dir" || type === "symlink" ? typeBits[type] : 0;
  return {
    name: zipName(path, type),
    // What a link's own mode says means nothing.
    mode: type === "symlink" ? bits | 0o777 : bits | mode,
    mtimeSeconds: instantSeconds(mtime),
    isDirectory: type === "dir",
    ...form,
  };
}

/** A backslash would be a separator to those who read zips on Windows. */
function zipName(path: ByteString, type: Node["type"]): Buffer {
  const name = displayText(path).replaceAll("\\\\", "%5C").replaceAll("\\", "%5C");
  return Buffer.from(type === "dir" ? `${name}/` : name, "utf8");
}
