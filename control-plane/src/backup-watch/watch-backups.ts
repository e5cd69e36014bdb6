import { BackupRunPhase, isEndPhase } from "@mycloud/protocol/backup-run";
import type { AccountMails } from "../account-mail/index.ts";
import type { AuditLog } from "../audit/index.ts";
import { describeRun, freshnessChangesAtMs, judgeFreshness, toRun } from "../backup-run/index.ts";
import type { AcceptCheckResults, IncomingResult } from "../check-result/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { describeChange } from "./describe-change.ts";
import { budgetPerfdata } from "./error-budget.ts";
import { findJobPrints, findWatchedJobs, type JobPrint, type WatchedJob } from "./find-watched-jobs.ts";
import { judgeDrill } from "./judge-drill.ts";
import { judgeQuota } from "./judge-quota.ts";
import { judgeVerify } from "./judge-verify.ts";
import { type BudgetKeeper, createBudgetKeeper } from "./keep-budget.ts";
import { releaseAcknowledged } from "./release-acknowledged.ts";
import type { ServiceResult } from "./service-result.ts";
import { tellOnce } from "./tell-once.ts";
import { createTurns } from "./turns.ts";

export interface WatchBackupsDependencies {
  readonly database: ConnectedDatabase;
  readonly acceptCheckResults: AcceptCheckResults;
  readonly audit: AuditLog;
  readonly mails: AccountMails;
  readonly now: () => number;
}

export interface BackupsWatch {
  /** Submits what has changed or is due; with 10,000 jobs others have their turn every few milliseconds. Call under a lease. */
  look(): Promise<void>;
  /** Somebody else watched meanwhile: everything is submitted again. */
  forget(): void;
}

/** A run of which nothing was heard for so long is given up. */
const givenUpAfterMs = 24 * 3_600_000;
const resultsPerBatch = 1_000;
const jobsPerPage = 250;
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
  const takeTurn = createTurns();
  let submitted = new Map<number, { readonly word: string; readonly dueAtMs: number }>();
  /** Repositories as they were looked at last, and when they are to be looked at again though nothing has changed. */
  let looked = new Map<number, { readonly print: string; readonly dueAtMs: number }>();

  async function resultsOf(job: WatchedJob, nowMs: number): Promise<IncomingResult[]> {
    const results: IncomingResult[] = [];
    for (const { serviceId, word, everyMs, make } of toldOf(database, budgets, job, nowMs)) {
      if (serviceId === null) continue;
      const before = submitted.get(serviceId);
      if (before?.word === word && nowMs < before.dueAtMs) continue;
      await takeTurn();
      const result = await make();
      // Those that begin together are spread over the time, or each of their turns would be one of all.
      const share = before === undefined ? spread(job.id) : 1;
      const dueAtMs = everyMs === null ? Number.POSITIVE_INFINITY : nowMs + everyMs * share;
      submitted.set(serviceId, { word, dueAtMs });
      if (result === null) continue;
      const { returnCode, output } = result;
      results.push({ hostId: job.hostId, serviceId, returnCode, output, checkedAtMs: nowMs, isPassive: false });
    }
    return results;
  }

  function forget(): void {
    submitted = new Map();
    looked = new Map();
  }

  /** Looks at those of a page that have changed or are due. */
  async function lookAt(page: readonly JobPrint[], nowMs: number): Promise<IncomingResult[]> {
    const wanted = page.filter(({ id, print }) => {
      const before = looked.get(id);
      return before === undefined || before.print !== print || nowMs >= before.dueAtMs;
    });
    const prints = new Map(wanted.map(({ id, print }) => [id, print]));
    const results: IncomingResult[] = [];
    const ids = [...prints.keys()];
    for (const job of await findWatchedJobs(database, ids)) {
      await takeTurn();
      results.push(...(await resultsOf(job, nowMs)));
      await tellOnce(database, mails, job, nowMs);
      const print = prints.get(job.id) ?? "";
      looked.set(job.id, { print, dueAtMs: nextLookMs(job, nowMs, !looked.has(job.id)) });
    }
    return results;
  }

  async function submit(results: readonly IncomingResult[]): Promise<void> {
    for (let at = 0; at < results.length; at += resultsPerBatch) {
      const part = results.slice(at, at + resultsPerBatch);
      await acceptCheckResults({ sender: "backup", batchId: null, describe: () => "null", results: part });
    }
  }

  return {
    async look() {
      await giveUpLostRuns(database, now());
      await releaseAcknowledged(database, audit);
      const nowMs = now();
      const present = new Set<number>();
      try {
        for (let lastId = 0; ; ) {
          const page = await findJobPrints(database, lastId, jobsPerPage);
          for (const { id } of page) present.add(id);
          await submit(await lookAt(page, nowMs));
          const last = page.at(-1);
          if (last === undefined || page.length < jobsPerPage) break;
          lastId = last.id;
          await takeTurn();
        }
      } catch (error) {
        forget();
        throw error;
      }
      for (const id of looked.keys()) if (!present.has(id)) looked.delete(id);
    },
    forget,
  };
}

/** A share of an interval, another one for each of 60 neighbours. */
function spread(id: number): number {
  return ((id % 60) + 1) / 60;
}

/** When a job that does not change is to be looked at again: within a minute, and when its newest snapshot becomes too old. */
function nextLookMs(job: WatchedJob, nowMs: number, isFirst: boolean): number {
  const soonMs = nowMs + minuteMs * (isFirst ? spread(job.id) : 1);
  const changesAtMs = freshnessChangesAtMs(job, nowMs);
  return changesAtMs === null ? soonMs : Math.min(soonMs, changesAtMs);
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
