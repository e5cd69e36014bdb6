import type { BackupRunOutcome } from "@mycloud/protocol/backup-run";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { ensureRun, findRunRepository } from "./agent-run-store.ts";

/** What came of an agent's word on the end of a run. */
export interface TakenOutcome {
  readonly id: number;
  readonly isDuplicate: boolean;
}

/** A run that has ended, as it was stored. */
export interface EndedRun {
  readonly id: number;
  readonly repositoryId: number;
  /** Whether the repository had no snapshot before. */
  readonly isFirst: boolean;
  readonly outcome: BackupRunOutcome;
}

/** What follows from the end of a run, in the transaction that stores it. */
export type FollowOutcome = (tx: Executor, run: EndedRun) => Promise<void>;

/**
 * Keeps how a run ended, and what that means for its repository; once, however often it arrives. A run that was given up as lost and did end is
 * taken at its own word. Throws InputError for a repository that is not the host's.
 */
export async function takeOutcome(
  database: ConnectedDatabase,
  hostId: number,
  outcome: BackupRunOutcome,
  nowMs: number,
  follow: FollowOutcome,
): Promise<TakenOutcome> {
  const { dialect } = database;
  return await database.transaction(async (tx) => {
    const repository = await findRunRepository(tx, hostId, outcome.repositoryId);
    const { id } = await ensureRun(tx, dialect, outcome.runId, hostId, outcome, nowMs);
    const before = await tx
      .selectFrom("backup_run")
      .select(["phase", "message", "figures_json", "snapshots_json", "heard_at_ms"])
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    const isGivenUp = before.phase === "failed" && before.figures_json === "{}" && before.snapshots_json === "[]";
    if (before.phase === outcome.phase || before.phase === "done" || before.phase === "cancelled") {
      return { id, isDuplicate: true };
    }
    if (before.phase === "failed" && !isGivenUp) return { id, isDuplicate: true };
    const startedAtMs = Math.min(outcome.startedAtMs, nowMs);
    await tx
      .updateTable("backup_run")
      .set({
        phase: outcome.phase,
        started_at_ms: startedAtMs,
        finished_at_ms: Math.max(startedAtMs, Math.min(outcome.finishedAtMs, nowMs)),
        heard_at_ms: nowMs,
        snapshots_json: JSON.stringify(outcome.snapshots),
        figures_json: JSON.stringify(outcome.figures),
        unreadable_count: outcome.unreadableCount,
        message: outcome.message,
        change_json: outcome.change === null ? null : JSON.stringify(outcome.change),
        drill_json: outcome.drill === null ? null : JSON.stringify(outcome.drill),
        agent_version: outcome.agentVersion,
        progress_json: null,
      })
      .where("id", "=", id)
      .execute();
    await tx.deleteFrom("backup_run_error").where("run_id", "=", id).execute();
    const rows = outcome.errors.map(({ item, during, message }, position) => [id, position, item, during, message]);
    await dialect.insertMany(tx, "backup_run_error", ["run_id", "position", "item", "during", "message"], rows);
    await tx
      .updateTable("backup_repository")
      .set({ last_run_id: id })
      .where("id", "=", repository.id)
      .where((eb) => eb.or([eb("last_run_id", "is", null), eb("last_run_id", "<", id)]))
      .execute();
    const { last_snapshot_id: lastSnapshotId } = await tx
      .selectFrom("backup_repository")
      .select("last_snapshot_id")
      .where("id", "=", repository.id)
      .executeTakeFirstOrThrow();
    const [snapshot] = outcome.snapshots;
    if (outcome.phase === "done" && snapshot !== undefined) {
      await tx
        .updateTable("backup_repository")
        .set({ last_snapshot_at_ms: startedAtMs, last_snapshot_id: snapshot.id })
        .where("id", "=", repository.id)
        .where((eb) => eb.or([eb("last_snapshot_at_ms", "is", null), eb("last_snapshot_at_ms", "<=", startedAtMs)]))
        .execute();
    }
    await follow(tx, { id, repositoryId: repository.id, isFirst: lastSnapshotId === null, outcome });
    return { id, isDuplicate: false };
  });
}
