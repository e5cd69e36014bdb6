import type { Id } from "../blob/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { StoredSnapshot } from "../snapshot/index.ts";

export interface RepairSnapshotsOptions {
  /** Drops the damaged snapshots when their repaired copies are stored. */
  readonly forget?: boolean;
  readonly isDryRun?: boolean;
  /** Only these; all unless given. */
  readonly snapshots?: readonly StoredSnapshot[];
  readonly nowMs: number;
  readonly signal?: AbortSignal;
}

export interface RepairedSnapshot {
  readonly id: Id;
  /** Null when nothing of it is left, or with a dry run. */
  readonly newId: Id | null;
  readonly isLost: boolean;
  /** What was dropped or shortened, for people; bounded. */
  readonly changes: readonly { readonly path: string; readonly message: string }[];
  readonly changeCount: number;
}

export interface RepairSnapshotsResult {
  readonly examined: number;
  /** Those that were damaged; sound ones are left as they are. */
  readonly repaired: readonly RepairedSnapshot[];
}

/** Writes damaged snapshots again without the content that is lost, tagged `repaired` and with `original`, under an exclusive lock. */
export async function repairSnapshots(
  repository: Repository,
  options: RepairSnapshotsOptions,
): Promise<RepairSnapshotsResult> {
  throw new Error(`not built yet (${repository.backend.location} ${options.nowMs})`);
}
