import { createTokenBucket } from "../backend/limit/index.ts";
import { DamagedError, NotFoundError } from "../error/index.ts";
import type { PhaseProgress } from "../progress/index.ts";
import type { Repository } from "../repository/repository.ts";
import { createWorkerPool, defaultThreadCount, type WorkerPool } from "../worker-pool/index.ts";
import type { ExamineJob } from "./examine-worker.ts";
import type { Faults } from "./faults.ts";
import type { Findings } from "./findings.ts";
import type { PackExamination } from "./pack-examination.ts";
import type { SizedPack } from "./subset.ts";

export interface VerifyDataOptions {
  readonly findings: Findings;
  readonly faults: Faults;
  readonly progress: PhaseProgress;
  readonly maxBytesPerSecond: number | undefined;
  readonly threads: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Faults of one pack that are told of; a pack that is noise has thousands. */
const toldFaults = 5;

/** Reads these packs whole and examines them in worker threads; returns the bytes read. Memory: two packs a thread. */
export async function verifyData(
  repository: Repository,
  packs: readonly SizedPack[],
  options: VerifyDataOptions,
): Promise<number> {
  const { threads = defaultThreadCount(), maxBytesPerSecond, progress, signal } = options;
  const pool = createWorkerPool<ExamineJob, PackExamination>({
    entry: new URL("./examine-worker.ts", import.meta.url),
    size: Math.min(threads, Math.max(1, packs.length)),
    setting: repository.key,
    signal,
  });
  const limit = maxBytesPerSecond === undefined ? null : createTokenBucket({ bytesPerSecond: maxBytesPerSecond });
  const remaining = packs.values();
  let bytesRead = 0;

  async function work(): Promise<void> {
    for (const pack of remaining) {
      signal?.throwIfAborted();
      await limit?.take(pack.sizeBytes, signal);
      await examine(repository, pool, pack, options);
      bytesRead += pack.sizeBytes;
      progress.step(1, pack.sizeBytes);
    }
  }

  try {
    // One pack more than threads: it is loaded while they work.
    await Promise.all(Array.from({ length: pool.size + 1 }, work));
  } finally {
    await pool.close();
  }
  return bytesRead;
}

async function examine(
  repository: Repository,
  pool: WorkerPool<ExamineJob, PackExamination>,
  { id }: SizedPack,
  { findings, faults, progress, signal }: VerifyDataOptions,
): Promise<void> {
  const indexed = repository.index.blobsOfPack(id);
  let examination: PackExamination = { faults: [], lostOffsets: [] };
  // Twice: a read can be bad where the stored bytes are not.
  for (let attempt = 1; attempt <= 2; attempt++) {
    try {
      const bytes = await repository.backend.load({ type: "data", name: id }, undefined, signal);
      examination = await pool.run({ packId: id, bytes, indexed }, { transfer: [bytes.buffer] });
    } catch (error) {
      if (!(error instanceof DamagedError || error instanceof NotFoundError)) throw error;
      examination = { faults: [error.message], lostOffsets: indexed.map(({ offset }) => offset) };
    }
    if (examination.faults.length === 0) return;
  }
  const told = examination.faults.slice(0, toldFaults).join("; ");
  const more = examination.faults.length - toldFaults;
  const message = more > 0 ? `${told}; and ${more} faults more` : told;
  const record = findings.add({ kind: "pack-damaged", severity: "error", object: `data/${id}`, message });
  faults.addPack(id, record, new Set(examination.lostOffsets));
  progress.error();
}
