import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { budgetDays, type ErrorBudget, errorBudget } from "./error-budget.ts";
import type { WatchedJob } from "./find-watched-jobs.ts";

/** Works out error budgets. When snapshots were made is read once for each new snapshot, and remembered. */
export interface BudgetKeeper {
  /** Null without an objective. */
  find(job: WatchedJob, nowMs: number): Promise<ErrorBudget | null>;
}

/** Written down this often, for lists. */
const writeEveryMs = 300_000;

export function createBudgetKeeper({ db }: ConnectedDatabase): BudgetKeeper {
  const known = new Map<
    number,
    { readonly lastMs: number | null; readonly snapshotsAtMs: readonly number[]; writtenAtMs: number }
  >();

  async function read(id: number, nowMs: number): Promise<number[]> {
    const sinceMs = nowMs - (budgetDays + 1) * 86_400_000;
    const rows = await db
      .selectFrom("backup_run")
      .select(["started_at_ms", "snapshots_json"])
      .where("repository_id", "=", id)
      .where("phase", "=", "done")
      .where("started_at_ms", ">=", sinceMs)
      .orderBy("started_at_ms")
      .execute();
    return rows.filter((row) => row.snapshots_json !== "[]").map((row) => row.started_at_ms);
  }

  return {
    async find(job, nowMs) {
      if (job.rpoSeconds === null) return null;
      let own = known.get(job.id);
      if (own === undefined || own.lastMs !== job.lastSnapshotAtMs) {
        own = { lastMs: job.lastSnapshotAtMs, snapshotsAtMs: await read(job.id, nowMs), writtenAtMs: 0 };
        known.set(job.id, own);
      }
      const budget = errorBudget(own.snapshotsAtMs, job.assignedAtMs, job.rpoSeconds, nowMs);
      if (nowMs - own.writtenAtMs >= writeEveryMs) {
        own.writtenAtMs = nowMs;
        const columns = { within_rpo_share: budget.withinShare, burn_rate: budget.burnRate };
        await db.updateTable("backup_repository").set(columns).where("id", "=", job.id).execute();
      }
      return budget;
    },
  };
}
