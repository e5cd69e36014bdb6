import type { Repository } from "../repository/repository.ts";
import type { RetentionDecision, RetentionPolicy } from "../retention/index.ts";
import type { GroupKey, SnapshotFilter, SnapshotGroup, StoredSnapshot } from "../snapshot/index.ts";

export interface ForgetOptions {
  /** By policy, group by group; or exactly these (ids, beginnings of ids, `latest`). */
  readonly what: { readonly policy: RetentionPolicy } | { readonly snapshots: readonly string[] };
  /** Host and paths unless given, as in restic. */
  readonly groupBy?: readonly GroupKey[];
  readonly filter?: SnapshotFilter;
  readonly isDryRun?: boolean;
  readonly nowMs: number;
  readonly signal?: AbortSignal;
}

export interface ForgetGroup extends Omit<SnapshotGroup<StoredSnapshot>, "snapshots">, RetentionDecision {}

export interface ForgetResult {
  /** One for each group; with snapshots by name, one that keeps nothing but what is held. */
  readonly groups: readonly ForgetGroup[];
  readonly removed: readonly StoredSnapshot[];
  /** Snapshots that were to go and are held: they stay. */
  readonly held: readonly { readonly snapshot: StoredSnapshot; readonly reason: string }[];
  /** Snapshots that the storage would not remove. */
  readonly failed: readonly { readonly snapshot: StoredSnapshot; readonly message: string }[];
}

/** Drops snapshots under an exclusive lock. Throws InputError when the policy keeps nothing at all or would empty a group. */
export async function forget(repository: Repository, options: ForgetOptions): Promise<ForgetResult> {
  throw new Error(`not built yet (${repository.backend.location} ${options.nowMs})`);
}
