import { BackupRunPhase, isEndPhase } from "@mycloud/protocol/backup-run";
import type { AcceptCheckResults, IncomingResult } from "../check-result/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { describeRun } from "./describe-run.ts";
import { type FreshnessFacts, judgeFreshness } from "./judge-freshness.ts";
import { toRun } from "./store.ts";

export interface WatchBackupsDependencies {
  readonly database: ConnectedDatabase;
  readonly acceptCheckResults: AcceptCheckResults;
  readonly now: () => number;
}

export interface BackupsWatch {
  /** Looks at every job once and submits what has changed or is due. Call under a lease. */
  look(): Promise<void>;
  /** Somebody else watched meanwhile: everything is submitted again. */
  forget(): void;
}

/** Freshness is measured again at least this often, for its chart. */
const freshnessEveryMs = 60_000;
/** A run of which nothing was heard for so long is given up. */
const givenUpAfterMs = 24 * 3_600_000;
const resultsPerBatch = 1_000;
const returnCodes = { OK: 0, WARNING: 1, CRITICAL: 2 } as const;

interface Submitted {
  readonly state: string;
  readonly dueAtMs: number;
}

/** Makes what tells the services of policies how fresh snapshots are and how runs ended; through the ordinary way of results. */
export function createBackupsWatch({ database, acceptCheckResults, now }: WatchBackupsDependencies): BackupsWatch {
  let freshness = new Map<number, Submitted>();
  let runs = new Map<number, number>();

  async function look(): Promise<void> {
    await giveUpLostRuns(database, now());
    const nowMs = now();
    const results: IncomingResult[] = [];
    for (const job of await findJobs(database)) {
      results.push(...judged(job, nowMs), ...(await described(job, nowMs)));
    }
    try {
      for (let at = 0; at < results.length; at += resultsPerBatch) {
        const part = results.slice(at, at + resultsPerBatch);
        await acceptCheckResults({ sender: "backup", batchId: null, describe: () => "null", results: part });
      }
    } catch (error) {
      forget();
      throw error;
    }
  }

  /** Its freshness, when that is another now or due for its chart. */
  function judged({ hostId, freshnessServiceId, ...facts }: WatchedJob, nowMs: number): IncomingResult[] {
    const { state, output } = judgeFreshness(facts, nowMs);
    if (freshnessServiceId === null || state === "none") return [];
    const before = freshness.get(freshnessServiceId);
    // A new snapshot counts at once, also where the state is the same.
    const word = `${state} ${facts.lastSnapshotAtMs}`;
    if (before?.state === word && nowMs < before.dueAtMs) return [];
    freshness.set(freshnessServiceId, { state: word, dueAtMs: nowMs + freshnessEveryMs });
    return [resultOf(hostId, freshnessServiceId, returnCodes[state], output, nowMs)];
  }

  /** How its last run ended, once. */
  async function described({ hostId, runServiceId, lastRunId }: WatchedJob, nowMs: number): Promise<IncomingResult[]> {
    if (runServiceId === null || lastRunId === null || runs.get(runServiceId) === lastRunId) return [];
    const result = await describedRun(database, lastRunId);
    runs.set(runServiceId, lastRunId);
    return result === null ? [] : [resultOf(hostId, runServiceId, result.returnCode, result.output, nowMs)];
  }

  function forget(): void {
    freshness = new Map();
    runs = new Map();
  }

  return { look, forget };
}

interface WatchedJob extends FreshnessFacts {
  readonly hostId: number;
  readonly freshnessServiceId: number | null;
  readonly runServiceId: number | null;
  readonly lastRunId: number | null;
}

async function findJobs({ db }: ConnectedDatabase): Promise<WatchedJob[]> {
  const rows = await db
    .selectFrom("backup_repository")
    .select(["host_id", "freshness_service_id", "run_service_id", "last_run_id", "rpo_seconds"])
    .select(["last_snapshot_at_ms", "assigned_at_ms"])
    .where("assigned_at_ms", "is not", null)
    .execute();
  return rows.flatMap((row) =>
    row.host_id === null
      ? []
      : {
          hostId: row.host_id,
          freshnessServiceId: row.freshness_service_id,
          runServiceId: row.run_service_id,
          lastRunId: row.last_run_id,
          rpoSeconds: row.rpo_seconds,
          lastSnapshotAtMs: row.last_snapshot_at_ms,
          assignedAtMs: row.assigned_at_ms,
        },
  );
}

async function describedRun({ db }: ConnectedDatabase, id: number) {
  const row = await db
    .selectFrom("backup_run")
    .innerJoin("backup_repository", "backup_repository.id", "backup_run.repository_id")
    .selectAll("backup_run")
    .select(["host_name", "policy_name"])
    .where("backup_run.id", "=", id)
    .executeTakeFirst();
  return row === undefined ? null : describeRun(toRun(row, { find: () => undefined }));
}

async function giveUpLostRuns({ db }: ConnectedDatabase, nowMs: number): Promise<void> {
  await db
    .updateTable("backup_run")
    .set({
      phase: "failed",
      finished_at_ms: nowMs,
      message: "nothing was heard of this run for a day",
      progress_json: null,
    })
    .where("phase", "not in", BackupRunPhase.options.filter(isEndPhase))
    .where("heard_at_ms", "<", nowMs - givenUpAfterMs)
    .execute();
}

function resultOf(
  hostId: number,
  serviceId: number,
  returnCode: number,
  output: string,
  checkedAtMs: number,
): IncomingResult {
  return { hostId, serviceId, returnCode, output, checkedAtMs, isPassive: false };
}
