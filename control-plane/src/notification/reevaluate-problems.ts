import type { Logger } from "pino";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { type FindNotificationBlocks, noNotificationBlocks } from "../dependency/notification-blocks.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import { changeOf } from "./change-of.ts";
import type { NotificationDefinitionCache } from "./definition-cache.ts";
import { enqueueMessages, planMessages } from "./enqueue-messages.ts";
import type { FindRootHosts } from "./find-root-hosts.ts";
import { compose, type DecisionContext, findAuthors, judge, outcomeOf, scheduledBy } from "./notification-decider.ts";
import { findHeldBack, type LastReport, lockHeldBack, type OpenProblem, saveOutcome } from "./open-problem-store.ts";
import { findSchedules, saveSchedules } from "./schedule-store.ts";
import { findThreads } from "./thread-store.ts";

export interface ReevaluationDependencies {
  readonly database: ConnectedDatabase;
  readonly definitions: NotificationDefinitionCache;
  readonly hosts: Pick<DefinitionCache, "hostsById">;
  readonly findBlocks?: FindNotificationBlocks;
  readonly findRoots?: FindRootHosts;
  readonly changes: ChangeBus;
  readonly messageIdDomain: string;
  readonly newThreadKey: () => string;
  readonly now: () => number;
  readonly logger: Logger;
}

const pageSize = 500;
/** Decisions look at no output. */
const noReport: LastReport = { output: "", longOutput: "", perfdata: "" };

/**
 * Asks again about open problems that nobody was told of for a reason that passes: a downtime that ended, a host that came up, flapping that
 * settled, an acknowledgement that was taken back. Who is told then, is told what held it back. It works from what is recorded, so it makes
 * no difference who noticed the end, or whether a control plane was killed meanwhile. Run it every few seconds; answers how many are told.
 */
export async function reevaluateProblems(dependencies: ReevaluationDependencies, signal: AbortSignal): Promise<number> {
  const { database, changes, logger } = dependencies;
  let told = 0;
  let afterProblemId = 0;
  while (!signal.aborted) {
    const page = await findHeldBack(database.db, afterProblemId, pageSize);
    const last = page.at(-1);
    if (last === undefined) break;
    afterProblemId = last.problem.id;
    for (const { problem } of await findChanged(dependencies, page)) {
      told += await database.transaction((tx) => reevaluate(dependencies, tx, problem.id));
    }
    if (page.length < pageSize) break;
  }
  if (told > 0) {
    logger.info({ count: told }, "problems told after what held them back had passed");
    changes.publish("notifications", null);
    changes.publish("state-changes", null);
  }
  return told;
}

/** Those of a page whose reason is no longer the recorded one; read without locks, as most stay as they are. */
async function findChanged(
  dependencies: ReevaluationDependencies,
  page: readonly OpenProblem[],
): Promise<OpenProblem[]> {
  const { db } = dependencies.database;
  const hosts = await dependencies.hosts.hostsById(db, new Set(page.map((held) => held.hostId)));
  const context = await contextOf(dependencies, db, page, []);
  return page.filter((held) => {
    const host = hosts.get(held.hostId);
    if (host === undefined) return false;
    const outcome = outcomeOf(judge(changeOf(held, noReport, host, context.nowMs), null, context), []);
    return outcome !== null && outcome.reason !== held.reason;
  });
}

/** Judges one problem again under the lock of its state, so that a result that comes in at this moment is before or after it. */
async function reevaluate(dependencies: ReevaluationDependencies, tx: Executor, problemId: number): Promise<number> {
  const { dialect } = dependencies.database;
  const held = await lockHeldBack(tx, dialect, problemId);
  if (held === null) return 0;
  const host = (await dependencies.hosts.hostsById(tx, new Set([held.hostId]))).get(held.hostId);
  if (host === undefined) return 0;
  const context = await contextOf(dependencies, tx, [held], [problemId]);
  const change = changeOf(held, held, host, context.nowMs);
  const verdict = judge(change, null, context);
  const remark = `held back until now: ${held.message}`;
  const messages = compose(change, verdict, remark, context, dependencies);
  const planned = await planMessages(tx, dialect, messages, context.nowMs);
  const dispositions = planned.map(({ plan }) => plan.disposition);
  const outcome = outcomeOf(verdict, dispositions);
  if (outcome === null || outcome.reason === held.reason) return 0;
  await saveOutcome(tx, held.stateChangeId, outcome);
  await saveSchedules(tx, dialect, scheduledBy({ change, verdict }));
  const rows = planned.map((message) => ({ ...message, stateChangeId: held.stateChangeId }));
  await enqueueMessages(tx, dialect, rows, dependencies.newThreadKey, context.nowMs);
  return verdict.kind === "notify" ? 1 : 0;
}

/** What decisions about these problems rest on; threads and schedules are read for `problemIds` only. */
export async function contextOf(
  { database, definitions, findBlocks, findRoots, now }: ReevaluationDependencies,
  executor: Executor,
  problems: readonly OpenProblem[],
  problemIds: readonly number[],
): Promise<DecisionContext> {
  const nowMs = now();
  const subjects = problems.map(({ hostId, serviceName, toState }) => ({ hostId, serviceName, state: toState }));
  const known = await definitions.read(executor, nowMs);
  const hostIds = problems.map(({ hostId }) => hostId);
  return {
    known,
    nowMs,
    roots: (await findRoots?.(executor, known, hostIds)) ?? new Map(),
    authors: await findAuthors(executor, database.dialect, problems),
    threads: await findThreads(executor, database.dialect, problemIds),
    schedules: await findSchedules(executor, database.dialect, problemIds),
    blocks: (await findBlocks?.(executor, subjects, nowMs)) ?? noNotificationBlocks,
  };
}
