import type { Id } from "../blob/index.ts";
import type { OnProgress } from "../progress/index.ts";
import type { Repository } from "../repository/repository.ts";

export interface RepairPacksOptions {
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface RepairPacksResult {
  readonly packs: number;
  readonly blobsSalvaged: number;
  readonly blobsLost: number;
}

/** Writes the good blobs of these packs again and drops the packs, under an exclusive lock. Then `repairSnapshots`. */
export async function repairPacks(
  repository: Repository,
  packIds: readonly Id[],
  options: RepairPacksOptions = {},
): Promise<RepairPacksResult> {
  throw new Error(`not built yet (${repository.backend.location} ${packIds.length} ${options.signal})`);
}
