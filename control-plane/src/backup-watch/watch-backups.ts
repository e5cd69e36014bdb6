import { BackupRunPhase, isEndPhase } from "@mycloud/protocol/backup-run";
import type { AccountMails } from "../account-mail/index.ts";
import type { AuditLog } from "../audit/index.ts";
import { describeRun, judgeFreshness, toRun } from "../backup-run/index.ts";
import type { AcceptCheckResults, IncomingResult } from "../check-result/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { describeChange } from "./describe-change.ts";
import { budgetPerfdata } from "./error-budget.ts";
import { findWatchedJobs, type WatchedJob } from "./find-watched-jobs.ts";
import { judgeDrill } from "./judge-drill.ts";
import { judgeQuota } from "./judge-quota.ts";
import { judgeVerify } from "./judge-verify.ts";
import { type BudgetKeeper, createBudgetKeeper } from "./keep-budget.ts";
import { releaseAcknowledged } from "./release-acknowledged.ts";
import type { ServiceResult } from "./service-result.ts";
import { tellOnce } from "./tell-once.ts";

export interface WatchBackupsDependencies {
  readonly database: ConnectedDatabase;
  readonly acceptCheckResults: AcceptCheckResults;
  readonly audit: AuditLog;
  readonly mails: AccountMails;
  readonly now: () => number;
}

export interface BackupsWatch {
  /** Looks at every job once and submits what has changed or is due. Call under a lease. */
  look(): Promise<void>;
  /** Somebody else watched meanwhile: everything is submitted again. */
  forget(): void;
}

/** A run of which nothing was heard for so long is given up. */
const givenUpAfterMs = 24 * 3_600_000;
const resultsPerBatch = 1_000;
const minuteMs = 60_000;

/** A result of one service. `word` says what it follows from: while that is the same, it is made again only after `everyMs`. */
interface Told {
  readonly serviceId: number | null;
  readonly word: string;
  /** Null: once. */
  readonly everyMs: number | null;
  readonly make: () => ServiceResult | null | Promise<ServiceResult | null>;
}

/** Makes what tells the services of policies how their backups are. */
export function createBackupsWatch(deps: WatchBackupsDependencies): BackupsWatch {
  const { database, acceptCheckResults, audit, mails, now } = deps;
  const budgets = createBudgetKeeper(database);
  let submitted = new Map<number, { readonly word: string; readonly dueAtMs: number }>();

  async function resultsOf(job: WatchedJob, nowMs: number): Promise<IncomingResult[]> {
    const results: IncomingResult[] = [];
    for (const { serviceId, word, everyMs, make } of toldOf(database, budgets, job, nowMs)) {
      if (serviceId === null) continue;
      const before = submitted.get(serviceId);
      if (before?.word === word && nowMs < before.dueAtMs) continue;
      const result = await make();
      submitted.set(serviceId, { word, dueAtMs: everyMs === null ? Number.POSITIVE_INFINITY : nowMs + everyMs });
      if (result === null) continue;
      const { returnCode, output } = result;
      results.push({ hostId: job.hostId, serviceId, returnCode, output, checkedAtMs: nowMs, isPassive: false });
    }
    return results;
  }

  function forget(): void {
    submitted = new Map();
  }

  return {
    async look() {
      await giveUpLostRuns(database, now());
      await releaseAcknowledged(database, audit);
      const nowMs = now();
      const results: IncomingResult[] = [];
      for (const job of await findWatchedJobs(database)) {
        results.push(...(await resultsOf(job, nowMs)));
        await tellOnce(database, mails, job, nowMs);
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
    },
    forget,
  };
}

const returnCodes = { OK: 0, WARNING: 1, CRITICAL: 2 } as const;

/** What each service of a job follows from, and how its result is made. */
function toldOf(database: ConnectedDatabase, budgets: BudgetKeeper, job: WatchedJob, nowMs: number): Told[] {
  const { services, lastRunId, drill, drillEverySeconds, damaged, seenAtMs, scrubbedAtMs, usedBytes, quotaBytes } = job;
  const freshness = judgeFreshness(job, nowMs);
  const told: Told[] = [
    {
      serviceId: services.freshness,
      // A new snapshot counts at once, also where the state is the same.
      word: `${freshness.state} ${job.lastSnapshotAtMs}`,
      everyMs: minuteMs,
      async make() {
        if (freshness.state === "none") return null;
        const budget = await budgets.find(job, nowMs);
        const more = budget === null ? "" : ` ${budgetPerfdata(budget)}`;
        return { returnCode: returnCodes[freshness.state], output: `${freshness.output}${more}` };
      },
    },
    {
      serviceId: lastRunId === null ? null : services.run,
      word: String(lastRunId),
      everyMs: null,
      make: () => describedRun(database, lastRunId ?? 0),
    },
    {
      serviceId: services.change,
      word: `${lastRunId} ${job.frozenAtMs}`,
      everyMs: null,
      make: () => describeChange(database, job),
    },
  ];
  const verify = judgeVerify(job, nowMs);
  told.push({
    // Before the storage server has told anything, nothing is known, also not that nothing is.
    serviceId: seenAtMs === null && nowMs - job.createdAtMs < 10 * minuteMs ? null : services.verify,
    word: `${verify.returnCode} ${scrubbedAtMs} ${JSON.stringify(damaged)}`,
    everyMs: 30 * minuteMs,
    make: () => verify,
  });
  if (drillEverySeconds !== null) {
    const judged = judgeDrill({ ...job, everySeconds: drillEverySeconds }, nowMs);
    told.push({
      serviceId: services.drill,
      word: `${judged.returnCode} ${drill?.finishedAtMs}`,
      everyMs: 30 * minuteMs,
      make: () => judged,
    });
  }
  if (usedBytes !== null && quotaBytes !== null) {
    const judged = judgeQuota({ usedBytes, quotaBytes });
    told.push({
      serviceId: services.quota,
      word: `${judged.returnCode}`,
      everyMs: 10 * minuteMs,
      make: () => judged,
    });
  }
  return told;
}

async function describedRun({ db }: ConnectedDatabase, id: number): Promise<ServiceResult | null> {
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
