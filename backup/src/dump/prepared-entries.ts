import type { Id } from "../blob/index.ts";
import type { ArchivedEntry } from "./archived-entry.ts";
import { type ContentSource, contentLength } from "./read-content.ts";

/** An entry with its content. */
export interface PreparedEntry extends ArchivedEntry {
  /** Bytes of its content. */
  readonly sizeBytes: number;
  /** All of it; null for a large file, which is to be read when its turn comes. */
  readonly content: readonly Uint8Array[] | null;
}

export interface PreparedOptions {
  readonly source: ContentSource;
  /** Whether an entry's content goes into the archive. */
  readonly hasContent: (entry: ArchivedEntry) => boolean;
  readonly signal: AbortSignal | undefined;
}

/** Files up to this are read ahead whole. */
const smallFileBytes = 1024 * 1024;
/** Of a batch, which is read at once. */
const batchLimits = { entries: 512, bytes: 1024 * 1024 };
/** Batches in memory; with a server far away so many reads are under way. */
const batchesAhead = 4;

/**
 * Entries with their content, batch by batch, in their order. The content of small files is read while earlier batches are consumed, together with what lies
 * beside it: of 100,000 small files, one after the other, each read would be waited for. In memory are 4 MiB of content, and 4 MiB as stored, at most.
 */
export async function* preparedEntries(
  entries: AsyncIterable<ArchivedEntry>,
  options: PreparedOptions,
): AsyncGenerator<readonly PreparedEntry[]> {
  const loading: Promise<readonly PreparedEntry[]>[] = [];
  for await (const batch of batchesOf(entries, options)) {
    const prepared = loadBatch(batch, options);
    // It is awaited in its turn; a failure before that is no unhandled one.
    prepared.catch(() => undefined);
    loading.push(prepared);
    if (loading.length < batchesAhead) continue;
    const first = loading.shift();
    if (first !== undefined) yield await first;
  }
  for (const prepared of loading) yield await prepared;
}

interface Planned {
  readonly entry: ArchivedEntry;
  readonly sizeBytes: number;
  readonly ids: readonly Id[];
  readonly isSmall: boolean;
}

async function* batchesOf(
  entries: AsyncIterable<ArchivedEntry>,
  { source, hasContent }: PreparedOptions,
): AsyncGenerator<readonly Planned[]> {
  let batch: Planned[] = [];
  let bytes = 0;
  for await (const entry of entries) {
    const ids = hasContent(entry) ? (entry.node.content ?? []) : [];
    const sizeBytes = contentLength(source, ids);
    const isSmall = sizeBytes <= smallFileBytes;
    if (batch.length >= batchLimits.entries || (isSmall && bytes + sizeBytes > batchLimits.bytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push({ entry, sizeBytes, ids, isSmall });
    if (isSmall) bytes += sizeBytes;
  }
  if (batch.length > 0) yield batch;
}

async function loadBatch(batch: readonly Planned[], { source, signal }: PreparedOptions): Promise<PreparedEntry[]> {
  const wanted = batch.flatMap(({ isSmall, ids }) => (isSmall ? ids : []));
  const blobs = wanted.length < 2 ? undefined : await source.loadBlobs?.(wanted, signal);
  const prepared: PreparedEntry[] = [];
  for (const { entry, sizeBytes, ids, isSmall } of batch) {
    if (!isSmall) {
      prepared.push({ ...entry, sizeBytes, content: null });
      continue;
    }
    const content: Uint8Array[] = [];
    for (const id of ids) content.push(blobs?.get(id) ?? (await source.loadBlob("data", id, signal)));
    // What is there counts, whatever an index says of it.
    prepared.push({ ...entry, sizeBytes: content.reduce((sum, { length }) => sum + length, 0), content });
  }
  return prepared;
}
