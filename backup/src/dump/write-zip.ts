import { Readable } from "node:stream";
import { ZipFile } from "yazl";
import { type ByteString, displayText } from "../byte-string/index.ts";
import { instantSeconds } from "../tree/instant.ts";
import type { ArchivedEntry } from "./archived-entry.ts";
import { contentLength, readContent } from "./read-content.ts";
import type { ArchiveTools } from "./write-tar.ts";

// The instants that a zip's entries can have: DOS begins in 1980, the Unix field is 32 bits.
const earliestMs = Date.UTC(1980, 0, 2);
const latestMs = (2 ** 31 - 1) * 1000;

const entriesAhead = 16;

/**
 * A zip archive of these entries (zip64 where needed), as a stream that fails when one of them cannot be read. Links are stored as links, hard
 * links as files of their own; names that are no UTF-8 have their odd bytes escaped.
 */
export function zipOf(entries: AsyncIterable<ArchivedEntry>, tools: ArchiveTools): Readable {
  const zip = new ZipFile();
  const { outputStream } = zip;
  if (!(outputStream instanceof Readable)) throw new TypeError("yazl's output is no stream of this process");
  zip.on("error", (error: Error) => outputStream.destroy(error));
  fill(zip, outputStream, entries, tools).catch((error: unknown) => {
    outputStream.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  return outputStream;
}

async function fill(
  zip: ZipFile,
  outputStream: Readable,
  entries: AsyncIterable<ArchivedEntry>,
  tools: ArchiveTools,
): Promise<void> {
  const queue = new EntryQueue(outputStream);
  for await (const { path, node } of entries) {
    await queue.takePlace();
    const name = zipName(path);
    const mtime = new Date(Math.min(latestMs, Math.max(earliestMs, instantSeconds(node.mtime) * 1000)));
    if (node.type === "dir") {
      zip.addEmptyDirectory(name, { mtime, mode: 0o040000 | node.mode });
    } else if (node.type === "symlink") {
      zip.addBuffer(Buffer.from(node.linkTarget ?? "", "latin1"), name, { mtime, mode: 0o120777, compress: false });
    } else if (node.type === "file") {
      const content = node.content ?? [];
      const size = contentLength(tools.source, content);
      queue.add();
      zip.addReadStreamLazy(name, { mtime, mode: 0o100000 | node.mode, size }, (respond) => {
        queue.begin();
        const { signal } = tools;
        const bytes = Readable.from(
          counted(readContent(tools.source, content, signal === undefined ? {} : { signal }), tools),
        );
        // yazl pipes without listening.
        bytes.on("error", (error) => outputStream.destroy(error));
        respond(null, bytes);
      });
    } else {
      tools.onOmitted(displayText(path));
      continue;
    }
    tools.onEntry(displayText(path));
  }
  zip.end();
}

/** Files that wait for their turn; yazl would take a million of them into memory at once, and directories faster than they are read. */
class EntryQueue {
  readonly #output: Readable & { readonly writableNeedDrain?: boolean };
  #waiting = 0;
  #wake: () => void = () => undefined;

  constructor(output: Readable) {
    this.#output = output;
    for (const event of ["drain", "close"]) output.on(event, () => this.#wake());
  }

  /** Waits until there is room for another entry. Throws when the archive has ended before. */
  async takePlace(): Promise<void> {
    while (this.#waiting >= entriesAhead || this.#output.writableNeedDrain === true) {
      if (this.#output.destroyed) throw this.#output.errored ?? new Error("the archive was given up");
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  add(): void {
    this.#waiting++;
  }

  begin(): void {
    this.#waiting--;
    this.#wake();
  }
}

async function* counted(content: AsyncIterable<Uint8Array>, tools: ArchiveTools): AsyncGenerator<Uint8Array> {
  for await (const bytes of content) {
    tools.onBytes(bytes.length);
    yield bytes;
  }
}

/** A backslash would be a separator to those who read zips on Windows. */
function zipName(path: ByteString): string {
  return displayText(path).replaceAll("\\\\", "%5C").replaceAll("\\", "%5C");
}
