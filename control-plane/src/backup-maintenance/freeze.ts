import type { Executor } from "../database/dialect/dialect.ts";

/** Freezes a repository: nothing is forgotten or pruned, and its snapshots are held. One that is frozen stays as it is. Answers whether it was not before. */
export async function freezeRepository(
  tx: Executor,
  repositoryId: number,
  cause: { readonly reason: string; readonly runId: number },
  nowMs: number,
): Promise<boolean> {
  const changed = await tx
    .updateTable("backup_repository")
    .set({ frozen_at_ms: nowMs, frozen_reason: cause.reason, frozen_run_id: cause.runId, hold_work: "place" })
    .where("id", "=", repositoryId)
    .where("frozen_at_ms", "is", null)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}

/** Ends a freeze; its holds are taken away soon. Answers whether there was one. */
export async function releaseFreeze(tx: Executor, repositoryId: number): Promise<boolean> {
  const changed = await tx
    .updateTable("backup_repository")
    .set({ frozen_at_ms: null, frozen_reason: null, frozen_run_id: null, hold_work: "remove" })
    .where("id", "=", repositoryId)
    .where("frozen_at_ms", "is not", null)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}
