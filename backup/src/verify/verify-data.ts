import { createTokenBucket } from "../backend/limit/index.ts";
import { createCipher } from "../crypto/index.ts";
import type { PhaseProgress } from "../progress/index.ts";
import type { Repository } from "../repository/repository.ts";
import { createWorkerPool, defaultThreadCount } from "../worker-pool/index.ts";
import { examinePack, type PackReader } from "./examine-pack.ts";
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

/** Reads these packs whole and examines them in worker threads; returns the bytes read. Memory: a few pieces of packs a thread. */
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
  const cipher = createCipher(repository.key);
  const reader = { repository, cipher, pool, admit: (bytes: number) => limit?.take(bytes, signal), signal };
  const remaining = packs.values();
  let bytesRead = 0;

  async function work(): Promise<void> {
    for (const pack of remaining) {
      const examination = await examineTwice(reader, pack);
      if (examination.faults.length > 0) note(pack, examination, options);
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

/** A read can be bad where the stored bytes are not. */
async function examineTwice(reader: PackReader, pack: SizedPack): Promise<PackExamination> {
  const first = await examinePack(reader, pack);
  return first.faults.length === 0 ? first : await examinePack(reader, pack);
}

function note(
  { id }: SizedPack,
  { faults: found, lostOffsets }: PackExamination,
  { findings, faults, progress }: VerifyDataOptions,
): void {
  const told = found.slice(0, toldFaults).join("; ");
  const more = found.length - toldFaults;
  const message = more > 0 ? `${told}; and ${more} faults more` : told;
  const record = findings.add({ kind: "pack-damaged", severity: "error", object: `data/${id}`, message });
  faults.addPack(id, record, new Set(lostOffsets));
  progress.error();
}
