import type { Id } from "../blob/index.ts";
import { NotFoundError } from "../error/index.ts";
import type { Repository } from "../repository/repository.ts";

/** Where content is read from. */
export type ContentSource = Pick<Repository, "loadBlob"> & {
  /** For sources that read many blobs faster together. */
  readonly loadBlobs?: Repository["loadBlobs"];
  readonly index: Pick<Repository["index"], "plaintextLength">;
};

/** Blobs that are loaded ahead of the one that is written; a blob has up to 8 MiB. */
const blobsAhead = 4;

export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

export interface ReadContentOptions {
  readonly range?: ByteRange;
  /** Bytes of blobs that are loaded ahead, though always one blob. Default: whatever the blobs have. */
  readonly aheadBytes?: number;
  readonly signal?: AbortSignal;
}

/** The bytes of a file's content. Throws NotFoundError when no index knows one of its blobs. */
export function contentLength(source: ContentSource, content: readonly Id[]): number {
  let length = 0;
  for (const id of content) length += lengthOf(source, id);
  return length;
}

/** The content of a file, or the bytes of a range of it, blob by blob and in order; later ones are loaded while earlier ones are consumed. */
export async function* readContent(
  source: ContentSource,
  content: readonly Id[],
  options: ReadContentOptions = {},
): AsyncGenerator<Uint8Array> {
  const { range, aheadBytes = Number.POSITIVE_INFINITY, signal } = options;
  const pieces = piecesOf(source, content, range);
  const loading: { readonly piece: Piece; readonly bytes: Promise<Uint8Array> }[] = [];
  let loadingBytes = 0;
  for (;;) {
    while (loading.length < blobsAhead && (loading.length === 0 || loadingBytes < aheadBytes)) {
      const next = pieces.next();
      if (next.done === true) break;
      const bytes = source.loadBlob("data", next.value.id, signal);
      // It is awaited in its turn; a failure before that is no unhandled one.
      bytes.catch(() => {});
      loading.push({ piece: next.value, bytes });
      loadingBytes += next.value.length;
    }
    const first = loading.shift();
    if (first === undefined) return;
    const { start, end, length } = first.piece;
    loadingBytes -= length;
    yield (await first.bytes).subarray(start, end);
  }
}

interface Piece {
  readonly id: Id;
  /** Of the blob: [start, end). */
  readonly start: number;
  readonly end: number;
  /** Of the whole blob. */
  readonly length: number;
}

function* piecesOf(source: ContentSource, content: readonly Id[], range: ByteRange | undefined): Generator<Piece> {
  const from = range?.offset ?? 0;
  const to = range === undefined ? Number.POSITIVE_INFINITY : from + range.length;
  let position = 0;
  for (const id of content) {
    const length = lengthOf(source, id);
    const start = Math.max(0, from - position);
    const end = Math.min(length, to - position);
    if (start < end) yield { id, start, end, length };
    position += length;
    if (position >= to) return;
  }
}

function lengthOf(source: ContentSource, id: Id): number {
  const length = source.index.plaintextLength("data", id);
  if (length === null) throw new NotFoundError(`no index of the repository knows blob ${id}`);
  return length;
}
