import { forget } from "@mycloud/backup/forget";
import { prune } from "@mycloud/backup/prune";
import type { Repository } from "@mycloud/backup/repository";
import { retentionPolicyOf } from "@mycloud/backup/retention";
import type { Retention } from "@mycloud/protocol/backup-policy";
import type { MaintenanceResult } from "./message.ts";

/** A backup may be under way; it ends, or the next time is soon enough. */
const retryForMs = 120_000;

/** Forgets by the policy (each group of host and paths by itself, as restic does) and prunes. Held snapshots stay. */
export async function retain(
  repository: Repository,
  retention: Retention,
  now: () => number,
  signal: AbortSignal,
): Promise<MaintenanceResult> {
  const forgotten = await forget(repository, {
    what: { policy: retentionPolicyOf(retention) },
    nowMs: now(),
    retryForMs,
    signal,
  });
  const { plan } = await prune(repository, { nowMs: now, retryForMs, signal });
  const kept = forgotten.groups.reduce((sum, { keep }) => sum + keep.length, 0);
  return {
    figures: {
      snapshotsKept: kept + forgotten.failed.length,
      snapshotsRemoved: forgotten.removed.length,
      snapshotsHeld: forgotten.held.length,
      snapshotsRefused: forgotten.failed.length,
      bytesFreed: Math.max(0, plan.totalBytesBefore - plan.totalBytesAfter),
      packsRemoved: plan.packsToRemove.length + plan.packsToRepack.length + plan.packsUnreferenced.length,
    },
    damaged: null,
  };
}
