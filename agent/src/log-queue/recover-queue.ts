import { mkdir, readdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { crc32, gzipSync } from "node:zlib";
import type { Logger } from "../logger/index.ts";
import { changeCheckpoint, type KeptCheckpoint, type SourceCheckpoint } from "./checkpoint.ts";
import { readCheckpoints } from "./checkpoint-lines.ts";
import { type ChunkHeader, formatChunkHeader, readChunkHeader } from "./chunk-file.ts";
import { commitChunk, linkEverywhere, makeQueueFolders, type QueuePaths, queuePaths } from "./commit-chunk.ts";
import { destinationFolder } from "./destination-folder.ts";
import { listChunks, type OwnedDestinationQueue, openDestinationQueue } from "./destination-queue.ts";
import { readJournal } from "./journal.ts";

/** The queue as it was left. */
export interface RecoveredQueue {
  readonly paths: QueuePaths;
  readonly kept: Map<string, KeptCheckpoint>;
  /** By folder. */
  readonly queues: Map<string, OwnedDestinationQueue>;
  readonly nextSequence: number;
}

/** Brings the queue of a shipper that may have been killed anywhere into order. Throws what the file system says. */
export async function recoverQueue(options: {
  readonly directory: string;
  readonly logger: Logger;
}): Promise<RecoveredQueue> {
  const { directory, logger } = options;
  const paths = queuePaths(directory);
  await makeQueueFolders(paths);
  const kept = await readCheckpoints(paths.checkpoints);
  await finishCommits(paths);
  const queues = new Map<string, OwnedDestinationQueue>();
  const headers: ChunkHeader[] = [];
  for (const folder of await readdir(paths.queues)) {
    const opened = await openDestinationQueue({ name: folder, directory: paths.queueOf(folder), logger });
    queues.set(folder, opened.queue);
    headers.push(...opened.headers);
  }
  mergeHeaders(kept, headers);
  const sequences = [...headers.map(({ sequence }) => sequence), ...[...kept.values()].map(({ sequence }) => sequence)];
  let nextSequence = sequences.reduce((most, each) => Math.max(most, each), 0) + 1;

  const known = new Set([...headers.map(({ id }) => id), ...[...kept.values()].map(({ chunkId }) => chunkId)]);
  for (const file of (await readdir(paths.journals)).sort()) {
    const path = join(paths.journals, file);
    const id = Buffer.from(file, "hex").toString("base64");
    if (!known.has(id) && (await commitJournal({ path, id, sequence: nextSequence, paths, queues, kept, logger }))) {
      nextSequence++;
    }
    await unlink(path);
  }
  return { paths, kept, queues, nextSequence };
}

/** Chunks that were on their way to several destinations: those were told of none of them yet. */
async function finishCommits(paths: QueuePaths): Promise<void> {
  for (const file of await readdir(paths.commits)) {
    if (file.endsWith(".tmp")) await unlink(join(paths.commits, file));
  }
  for (const file of await listChunks(paths.commits)) {
    const path = join(paths.commits, file);
    const { header } = await readChunkHeader(path);
    const targets = header.destinations.map((name) => ({ directory: paths.queueOf(destinationFolder(name)) }));
    for (const target of targets) await mkdir(target.directory, { recursive: true, mode: 0o700 });
    await linkEverywhere(path, header.sequence, targets);
  }
}

/** Adds to the kept checkpoints what chunks brought after them. Pure but for `kept`. */
export function mergeHeaders(kept: Map<string, KeptCheckpoint>, headers: readonly ChunkHeader[]): void {
  for (const { source, sequence, id, checkpoint } of [...headers].sort((a, b) => a.sequence - b.sequence)) {
    const before = kept.get(source);
    if (before !== undefined && sequence <= before.sequence) continue;
    const parts: SourceCheckpoint = before?.parts ?? {};
    changeCheckpoint(parts, checkpoint);
    kept.set(source, { sequence, chunkId: id, parts, unusedSinceMs: before?.unusedSinceMs ?? null });
  }
}

/** Makes a chunk of what a journal holds; false when it holds nothing. */
async function commitJournal(options: {
  readonly path: string;
  readonly id: string;
  readonly sequence: number;
  readonly paths: QueuePaths;
  readonly queues: Map<string, OwnedDestinationQueue>;
  readonly kept: Map<string, KeptCheckpoint>;
  readonly logger: Logger;
}): Promise<boolean> {
  const { id, sequence, paths, queues, kept, logger } = options;
  const content = await readJournal(options.path);
  if (content === undefined) return false;
  const { entries, ...group } = content;
  const body = gzipSync(entries, { level: 1 });
  const header: ChunkHeader = { ...group, id, sequence, bodyBytes: body.length, bodyCrc32: crc32(body) };
  const targets: OwnedDestinationQueue[] = [];
  for (const name of group.destinations) {
    const folder = destinationFolder(name);
    const directory = paths.queueOf(folder);
    const queue = queues.get(folder) ?? (await openDestinationQueue({ name, directory, logger })).queue;
    queues.set(folder, queue);
    targets.push(queue);
  }
  const head = formatChunkHeader(header);
  await commitChunk(paths, sequence, [head, body], targets);
  for (const target of targets) target.add(header, head.length + body.length);
  mergeHeaders(kept, [header]);
  return true;
}
