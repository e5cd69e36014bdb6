import type { BlobType, Id } from "../blob/index.ts";
import { type BlobWriter, openBlobWriter } from "../blob-writer/index.ts";
import { withLock } from "../lock/index.ts";
import type { OnProgress } from "../progress/index.ts";
import { BlobBitmap } from "../reachability/index.ts";
import { visitBlobs } from "../reachability/visit-blobs.ts";
import type { Repository } from "../repository/repository.ts";
import {
  chooseSnapshots,
  listSnapshots,
  type SnapshotChoice,
  type StoredSnapshot,
  saveSnapshot,
} from "../snapshot/index.ts";
import { copyBlobs } from "./copy-blobs.ts";
import { findCopy } from "./same-snapshot.ts";

export interface CopyOptions extends SnapshotChoice {
  /** How long to wait for the locks. */
  readonly retryForMs?: number;
  readonly nowMs: () => number;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CopyResult {
  readonly copied: readonly { readonly id: Id; readonly newId: Id }[];
  /** Those that were there already, and as which snapshot. */
  readonly skipped: readonly { readonly id: Id; readonly copyId: Id }[];
  /** What was written, as stored. */
  readonly blobs: number;
  readonly packedBytes: number;
}

/** Snapshots are stored once this many bytes of theirs are: so an interrupted copy of many has most of them to show. */
const batchBytes = 1024 ** 3;

/**
 * Copies snapshots, oldest first, under shared locks on both repositories. Interrupted, it goes on where it was when it is run again.
 * Throws DamagedError when something of a snapshot cannot be read; those before it are copied then.
 */
export async function copySnapshots(
  source: Repository,
  destination: Repository,
  options: CopyOptions,
): Promise<CopyResult> {
  const { retryForMs, signal } = options;
  const lock = { isExclusive: false, retryForMs };
  return withLock(source, { ...lock, signal }, (sourceHeld) =>
    withLock(destination, { ...lock, signal: sourceHeld }, async (held) => {
      const chosen = await chooseSnapshots(source, options, held);
      const present = await listSnapshots(destination, { signal: held });
      await Promise.all([source.loadIndex(held), destination.loadIndex(held)]);
      const pairs = chosen.map((snapshot) => ({ snapshot, copy: findCopy(snapshot, present) }));
      const skipped = pairs.flatMap(({ snapshot, copy }) => (copy ? [{ id: snapshot.id, copyId: copy.id }] : []));
      const wanted = pairs.filter(({ copy }) => copy === null).map(({ snapshot }) => snapshot);
      return { ...(await copyAll(source, destination, wanted, options, held)), skipped };
    }),
  );
}

async function copyAll(
  source: Repository,
  destination: Repository,
  wanted: readonly StoredSnapshot[],
  options: CopyOptions,
  signal: AbortSignal,
): Promise<Omit<CopyResult, "skipped">> {
  const copied: { id: Id; newId: Id }[] = [];
  let blobs = 0;
  let packedBytes = 0;
  const visited = new BlobBitmap(source.index);
  for (let at = 0; at < wanted.length; ) {
    const needed = new BlobBitmap(source.index);
    const batch: StoredSnapshot[] = [];
    for (let bytes = 0; at < wanted.length && (batch.length === 0 || bytes < batchBytes); at++) {
      const snapshot = wanted[at];
      if (snapshot === undefined) break;
      const note = (type: BlobType, id: Id) => {
        if (destination.index.has(type, id)) return;
        needed.add(type, id);
        bytes += source.index.find(type, id)?.length ?? 0;
      };
      await visitBlobs(source, snapshot.tree, visited, note, signal);
      batch.push(snapshot);
    }
    const added = await writing(openBlobWriter(destination, options.nowMs, signal), (writer) =>
      copyBlobs(source, needed, writer, { onProgress: options.onProgress, signal }),
    );
    blobs += added.blobs;
    packedBytes += added.packedBytes;
    for (const snapshot of batch) {
      copied.push({ id: snapshot.id, newId: await saveCopy(destination, snapshot, signal) });
    }
  }
  return { copied, blobs, packedBytes };
}

/** Lets some work write, and ends the writer either way. */
async function writing(
  writer: BlobWriter,
  work: (writer: BlobWriter) => Promise<void>,
): ReturnType<BlobWriter["finish"]> {
  try {
    await work(writer);
    return await writer.finish();
  } catch (error) {
    await writer.giveUp();
    throw error;
  }
}

/** The parent is of no use in another repository, and the order of arrival is another one there. */
function saveCopy(destination: Repository, snapshot: StoredSnapshot, signal: AbortSignal): Promise<Id> {
  const { id, sequence: _, parent: __, arrival_sequence: ___, ...fields } = snapshot;
  return saveSnapshot(destination, { ...fields, original: snapshot.original ?? id }, signal);
}
