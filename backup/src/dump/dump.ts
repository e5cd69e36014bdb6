import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Id } from "../blob/index.ts";
import { type ByteString, displayText, joinBytes } from "../byte-string/index.ts";
import { InputError } from "../error/index.ts";
import { findPath, type TreeSource } from "../listing/index.ts";
import type { OnProgress } from "../progress/index.ts";
import { archivedEntries } from "./archived-entry.ts";
import { type ByteRange, type ContentSource, contentLength, readContent } from "./read-content.ts";
import { type ArchiveTools, tarOf } from "./write-tar.ts";
import { zipOf } from "./write-zip.ts";

export const dumpFormats = ["auto", "tar", "zip"] as const;
/** `auto`: a file as it is, a directory as tar. `tar` and `zip` make an archive of a file too. */
export type DumpFormat = (typeof dumpFormats)[number];

export interface DumpOptions {
  readonly snapshot: { readonly tree: Id };
  /** Absolute within the snapshot; `/` is all of it. */
  readonly path: ByteString;
  /** Default: `auto`. */
  readonly format?: DumpFormat;
  /** Bytes of a single file that is not archived; beyond its end there is nothing. */
  readonly range?: ByteRange;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface DumpSummary {
  readonly entries: number;
  /** Bytes of content, before the archive's own. */
  readonly bytes: number;
  /** Entries an archive cannot hold (sockets; devices in zip), by path as text. */
  readonly omitted: readonly string[];
}

/**
 * Writes a file, or a directory as an archive, to `output` at the pace it takes, and ends it. Throws NotFoundError, InputError (a range of an
 * archive, a device), DamagedError: what was written until then is right, but not all; `output` is destroyed, so that nobody takes it for whole.
 */
export async function dump(
  repository: ContentSource & TreeSource,
  options: DumpOptions,
  output: Writable,
): Promise<DumpSummary> {
  const { signal, range, snapshot, path } = options;
  const count = new DumpCount(options.onProgress);
  const tools: ArchiveTools = { source: repository, signal, ...count.tools };
  try {
    const bytes = await bytesOf(repository, options, tools);
    await pipeline(bytes, output, signal === undefined ? {} : { signal });
  } catch (error) {
    output.destroy();
    // What the pipeline throws for an abort says less than the signal.
    throw signal?.aborted === true ? signal.reason : error;
  }
  return count.finish();

  async function bytesOf(
    source: ContentSource & TreeSource,
    { format = "auto" }: DumpOptions,
    archiving: ArchiveTools,
  ) {
    const found = await findPath(source, snapshot.tree, path, signal);
    const isDirectory = found.tree !== null;
    if (range !== undefined && (isDirectory || format !== "auto")) {
      throw new InputError(`${displayText(path)}: a range can be read of a file that is not archived`);
    }
    if (!isDirectory && format === "auto") {
      if (found.node?.type !== "file") {
        throw new InputError(`${displayText(path)} is a ${found.node?.type}; files and directories can be dumped`);
      }
      return contentOf(found.node.content ?? [], archiving, found.path);
    }
    const entries = archivedEntries(source, snapshot.tree, { paths: [path], base: joinBytes("") }, signal);
    return Readable.from(format === "zip" ? zipOf(entries, archiving) : tarOf(entries, archiving));
  }

  function contentOf(content: readonly Id[], archiving: ArchiveTools, filePath: ByteString): Readable {
    // Before the first byte goes out: a blob that is missing at the end would be found out late.
    contentLength(repository, content);
    archiving.onEntry(displayText(filePath));
    const reading = { ...(range === undefined ? {} : { range }), ...(signal === undefined ? {} : { signal }) };
    return Readable.from(countedBytes(readContent(repository, content, reading), archiving.onBytes));
  }
}

async function* countedBytes(
  content: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const bytes of content) {
    onBytes(bytes.length);
    yield bytes;
  }
}

/** Counts what goes out, and tells it. */
class DumpCount {
  readonly #onProgress: OnProgress | undefined;
  readonly #omitted: string[] = [];
  #entries = 0;
  #bytes = 0;
  #current = "";

  constructor(onProgress: OnProgress | undefined) {
    this.#onProgress = onProgress;
  }

  readonly tools = {
    onOmitted: (path: string) => void this.#omitted.push(path),
    onEntry: (path: string) => {
      this.#entries++;
      this.#current = path;
    },
    onBytes: (bytes: number) => {
      this.#bytes += bytes;
      this.#tell(false);
    },
  };

  finish(): DumpSummary {
    this.#tell(true);
    return { entries: this.#entries, bytes: this.#bytes, omitted: this.#omitted };
  }

  #tell(isTotalKnown: boolean): void {
    this.#onProgress?.({
      phase: "dumping",
      filesDone: this.#entries,
      filesTotal: this.#entries,
      bytesDone: this.#bytes,
      bytesTotal: this.#bytes,
      isTotalKnown,
      current: [this.#current],
      errors: 0,
    });
  }
}
