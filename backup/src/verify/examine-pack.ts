import { createHash } from "node:crypto";
import type { Cipher } from "../crypto/index.ts";
import { DamagedError, NotFoundError } from "../error/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { WorkerPool } from "../worker-pool/index.ts";
import type { ExamineJob } from "./examine-worker.ts";
import { headerFault, type PackExamination } from "./pack-examination.ts";
import { cutPack, type PackPiece } from "./pack-pieces.ts";
import type { SizedPack } from "./subset.ts";

export interface PackReader {
  readonly repository: Repository;
  readonly cipher: Cipher;
  readonly pool: WorkerPool<ExamineJob, PackExamination>;
  /** Resolves when so many bytes more may be read. */
  readonly admit: (bytes: number) => Promise<void> | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Reads a pack piece by piece and checks every byte of it: its name, its header against the index, and each blob. */
export async function examinePack(reader: PackReader, pack: SizedPack): Promise<PackExamination> {
  const indexed = reader.repository.index.blobsOfPack(pack.id);
  const { pieces, outside } = cutPack(indexed, pack.sizeBytes);
  const faults = outside.map(({ type, id }) => `${type} blob ${id} lies beyond its end or over another`);
  const running: Promise<PackExamination>[] = [];
  const hash = createHash("sha256");
  try {
    for (const piece of pieces) {
      const bytes = await loadPiece(reader, pack, piece);
      hash.update(bytes);
      if (piece.blobs.length === 0) {
        const fault = headerFault(pack.id, bytes, piece.start, indexed, reader.cipher);
        if (fault !== null) faults.unshift(fault);
      } else {
        const { start, blobs } = piece;
        const examining = reader.pool.run({ bytes, start, blobs }, { transfer: [bytes.buffer] });
        // It is awaited at the end, which a failed read may forestall.
        examining.catch(() => undefined);
        running.push(examining);
        await reader.pool.whenBelow(reader.pool.size + 1);
      }
    }
  } catch (error) {
    if (!(error instanceof DamagedError || error instanceof NotFoundError)) throw error;
    return { faults: [error.message], lostOffsets: indexed.map(({ offset }) => offset) };
  }
  if (hash.digest("hex") !== pack.id) faults.unshift("its bytes are not those that gave it its name");
  const examinations = await Promise.all(running);
  return {
    faults: [...faults, ...examinations.flatMap((examination) => examination.faults)],
    lostOffsets: [
      ...outside.map(({ offset }) => offset),
      ...examinations.flatMap((examination) => examination.lostOffsets),
    ],
  };
}

async function loadPiece(
  { repository, admit, signal }: PackReader,
  { id }: SizedPack,
  { start, length }: PackPiece,
): Promise<Uint8Array<ArrayBuffer>> {
  signal?.throwIfAborted();
  if (length === 0) return new Uint8Array(0);
  await admit(length);
  return await repository.backend.load({ type: "data", name: id }, { offset: start, length }, signal);
}
