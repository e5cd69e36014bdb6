import type { Id } from "../blob/index.ts";
import { createPhaseProgress, type OnProgress, type PhaseProgress } from "../progress/index.ts";
import type { Repository } from "../repository/repository.ts";
import { listSnapshots, type StoredSnapshot } from "../snapshot/index.ts";
import { Faults } from "./faults.ts";
import { findAffected } from "./find-affected.ts";
import type { Finding } from "./finding.ts";
import { Findings } from "./findings.ts";
import { choosePacks, type PackSubset, type SizedPack } from "./subset.ts";
import { verifyData } from "./verify-data.ts";
import { verifyKeys } from "./verify-keys.ts";
import { verifyPackSizes } from "./verify-packs.ts";
import { verifyTrees } from "./verify-trees.ts";

export interface VerifyOptions {
  /** Which packs to read whole; absent: structure only. */
  readonly readData?: PackSubset;
  /** For choosing packs at random: from 0 (included) to 1 (excluded). */
  readonly random?: () => number;
  /** Bytes a second that are read at most. */
  readonly maxBytesPerSecond?: number;
  /** Worker threads for the data; as many as there are processors unless given. */
  readonly threads?: number;
  /** Told of each finding at once; those of the result have the affected files as well. */
  readonly onFinding?: (finding: Finding) => void;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal | undefined;
}

export interface VerifyResult {
  /** No finding is an error. */
  readonly isSound: boolean;
  /** At most 10,000 of them; the counts are of all. */
  readonly findings: readonly Finding[];
  readonly errorCount: number;
  readonly noteCount: number;
  readonly snapshots: number;
  readonly trees: number;
  readonly blobs: number;
  readonly packs: number;
  readonly packsRead: number;
  readonly bytesRead: number;
}

/** Examines the repository. The caller holds a lock, or knows that nobody prunes. */
export async function verify(repository: Repository, options: VerifyOptions = {}): Promise<VerifyResult> {
  const { signal } = options;
  const findings = new Findings(options.onFinding);
  const progress = createPhaseProgress(options.onProgress);
  progress.begin("reading keys, snapshots and index");
  await verifyKeys(repository, findings, signal);
  const snapshots = await readSnapshots(repository, findings, signal);
  await readIndex(repository, findings, signal);
  const faults = new Faults(repository.index);
  const present = verifyPackSizes(repository, await repository.backend.list("data", signal), findings, faults);
  progress.begin("checking trees");
  const roots = snapshots.map(({ tree }) => tree);
  const trees = await verifyTrees(repository, roots, { findings, faults, onTree: () => progress.step(1, 0) }, signal);
  const data = await readPacks(repository, present, { findings, faults, progress, options });
  if (!faults.isEmpty) {
    progress.begin("finding the files that are hit");
    await findAffected(repository, snapshots, faults, signal);
  }
  progress.end();
  return {
    isSound: findings.errorCount === 0,
    findings: findings.list,
    errorCount: findings.errorCount,
    noteCount: findings.noteCount,
    snapshots: snapshots.length,
    trees,
    blobs: repository.index.blobCount,
    packs: present.length,
    ...data,
  };
}

async function readSnapshots(
  repository: Repository,
  findings: Findings,
  signal: AbortSignal | undefined,
): Promise<readonly StoredSnapshot[]> {
  return await listSnapshots(repository, {
    signal,
    onDamaged: (id: Id, error) =>
      findings.add({
        kind: "snapshot-unreadable",
        severity: "error",
        object: `snapshots/${id}`,
        message: error.message,
      }),
  });
}

async function readIndex(repository: Repository, findings: Findings, signal: AbortSignal | undefined): Promise<void> {
  await repository.loadIndex(signal, {
    onDamaged: (id: Id, error) =>
      findings.add({ kind: "index-unreadable", severity: "error", object: `index/${id}`, message: error.message }),
  });
}

async function readPacks(
  repository: Repository,
  present: readonly SizedPack[],
  work: { findings: Findings; faults: Faults; progress: PhaseProgress; options: VerifyOptions },
): Promise<Pick<VerifyResult, "packsRead" | "bytesRead">> {
  const { readData, random = Math.random, maxBytesPerSecond, threads, signal } = work.options;
  if (readData === undefined) return { packsRead: 0, bytesRead: 0 };
  const packs = choosePacks(present, readData, random);
  const bytes = packs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  work.progress.begin("reading packs", packs.length, bytes);
  const bytesRead = await verifyData(repository, packs, { ...work, maxBytesPerSecond, threads, signal });
  return { packsRead: packs.length, bytesRead };
}
