import type { Id } from "../blob/index.ts";
import { packHeaderBytes } from "../pack/index.ts";
import { createPhaseProgress } from "../progress/index.ts";
import type { Repository } from "../repository/repository.ts";
import { listSnapshots } from "../snapshot/index.ts";
import { Faults } from "./faults.ts";
import { findAffected } from "./find-affected.ts";
import type { AffectedFile } from "./finding.ts";
import { Findings } from "./findings.ts";
import { verifyData } from "./verify-data.ts";

/** What a damaged pack hits; the lists are bounded, the count is not. */
export interface PackDamage {
  readonly message: string;
  readonly files: readonly AffectedFile[];
  readonly fileCount: number;
  readonly snapshots: readonly Id[];
}

/**
 * Reads packs that are known to be damaged and says which files of which snapshots lose content by them. A pack that no index mentions, or
 * whose blobs are all elsewhere too, hits none; one that turns out whole is left out.
 */
export async function examineDamaged(
  repository: Repository,
  packIds: readonly Id[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<Id, PackDamage>> {
  if (packIds.length === 0) return new Map();
  const findings = new Findings(undefined);
  // Snapshots and indexes that cannot be read are damaged objects themselves.
  const snapshots = await listSnapshots(repository, { signal, onDamaged: () => undefined });
  await repository.loadIndex(signal, { onDamaged: () => undefined });
  const faults = new Faults(repository.index);
  const packs = packIds.flatMap((id) => {
    const blobs = repository.index.blobsOfPack(id);
    if (blobs.length === 0) return [];
    return [{ id, sizeBytes: blobs.reduce((bytes, { length }) => bytes + length, packHeaderBytes(blobs)) }];
  });
  const progress = createPhaseProgress(undefined);
  await verifyData(repository, packs, {
    findings,
    faults,
    progress,
    maxBytesPerSecond: undefined,
    threads: 1,
    signal,
  });
  await findAffected(repository, snapshots, faults, signal);
  return new Map(
    findings.list.map((finding) => [
      finding.object.replace(/^data\//, ""),
      {
        message: finding.message,
        files: finding.affectedFiles,
        fileCount: finding.affectedFileCount,
        snapshots: finding.affectedSnapshots,
      },
    ]),
  );
}
