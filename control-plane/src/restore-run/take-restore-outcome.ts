import type { RestoreRunOutcome } from "@mycloud/protocol/restore-run";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { isOver, lockRestoreRun } from "./agent-restore-store.ts";
import { StoredFigures } from "./stored-restore.ts";

/**
 * Keeps how a run ended; once, however often it arrives. One that was given up as lost and did end is taken at its own word. Throws InputError for
 * a run that is not the host's.
 */
export async function takeRestoreOutcome(
  database: ConnectedDatabase,
  hostId: number,
  outcome: RestoreRunOutcome,
  nowMs: number,
): Promise<{ readonly id: number; readonly isDuplicate: boolean }> {
  return await database.transaction(async (tx) => {
    const run = await lockRestoreRun(tx, database.dialect, outcome.runId, hostId, outcome.repositoryId);
    if (isOver(run) && run.is_given_up === 0) return { id: run.id, isDuplicate: true };
    const startedAtMs = run.started_at_ms ?? Math.min(outcome.startedAtMs, nowMs);
    // Begun again after a crash, its last plan is only of what was left to do; but what was not done is told by the last.
    const isPlanTheAnswer = outcome.phase === "planned" || outcome.phase === "conflicts";
    const isPlanNew = outcome.plan !== null && (isPlanTheAnswer || run.plan_json === null);
    await tx
      .updateTable("restore_run")
      .set({
        phase: outcome.phase,
        is_given_up: 0,
        started_at_ms: startedAtMs,
        finished_at_ms: Math.max(startedAtMs, Math.min(outcome.finishedAtMs, nowMs)),
        heard_at_ms: nowMs,
        plan_json: isPlanNew ? JSON.stringify(outcome.plan) : run.plan_json,
        safety_snapshot_id: outcome.safetySnapshotId ?? run.safety_snapshot_id,
        figures_json: JSON.stringify(StoredFigures.parse(outcome)),
        errors_json: JSON.stringify(outcome.errors),
        message: outcome.message,
      })
      .where("id", "=", run.id)
      .execute();
    return { id: run.id, isDuplicate: false };
  });
}
