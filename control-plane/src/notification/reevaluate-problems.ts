import type { Logger } from "pino";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import type { DefinitionCache, MonitoredHost } from "../monitored/index.ts";
import type { StateChangeRecord } from "../state-change/index.ts";
import { composeMessage } from "./compose-message.ts";
import type { NotificationDefinitionCache } from "./definition-cache.ts";
import { enqueueMessages } from "./enqueue-messages.ts";
import { findHeldBack, type HeldBackProblem, type LastReport, lockHeldBack, saveOutcome } from "./held-back-store.ts";
import { type DecisionContext, findAuthors, judge, outcomeOf } from "./notification-decider.ts";
import { findThreads, threadOf } from "./thread-store.ts";

export interface ReevaluationDependencies {
  readonly database: ConnectedDatabase;
  readonly definitions: NotificationDefinitionCache;
  readonly hosts: Pick<DefinitionCache, "hostsById">;
  readonly changes: ChangeBus;
  readonly messageIdDomain: string;
  readonly newThreadKey: () => string;
  readonly now: () => number;
  readonly logger: Logger;
}

const pageSize = 500;
/** Decisions look at no output. */
const noReport: LastReport = { output: "", longOutput: "", perfdata: "" };
/** How long after its host came up a service may take to show by a new result that it is still bad. */
const settleMs = 5 * 60_000;

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
  page: readonly HeldBackProblem[],
): Promise<HeldBackProblem[]> {
  const { db } = dependencies.database;
  const hosts = await dependencies.hosts.hostsById(db, new Set(page.map((held) => held.hostId)));
  const context = await contextOf(dependencies, db, page, []);
  return page.filter((held) => {
    const host = hosts.get(held.hostId);
    if (host === undefined) return false;
    const outcome = outcomeOf(judge(changeOf(held, noReport, host, context.nowMs), context));
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
  const verdict = judge(change, context);
  const outcome = outcomeOf(verdict);
  if (outcome === null || outcome.reason === held.reason) return 0;
  await saveOutcome(tx, held.stateChangeId, outcome);
  if (verdict.kind !== "notify") return 0;
  const thread = threadOf(context.threads, problemId);
  const announcement = { ...change, type: verdict.type, remark: `held back until now: ${held.message}` };
  const messages = verdict.recipients.map((recipient) => ({
    message: composeMessage(announcement, recipient, thread, dependencies.newThreadKey(), dependencies.messageIdDomain),
    stateChangeId: held.stateChangeId,
  }));
  await enqueueMessages(tx, dialect, messages, context.nowMs);
  return 1;
}

async function contextOf(
  { database, definitions, now }: ReevaluationDependencies,
  executor: Executor,
  problems: readonly HeldBackProblem[],
  problemIds: readonly number[],
): Promise<DecisionContext> {
  const nowMs = now();
  return {
    known: await definitions.read(executor, nowMs),
    nowMs,
    authors: await findAuthors(executor, database.dialect, problems),
    threads: await findThreads(executor, database.dialect, problemIds),
  };
}

/** The recorded change as it would be put to the decider today. Pure. */
function changeOf(held: HeldBackProblem, report: LastReport, host: MonitoredHost, nowMs: number): StateChangeRecord {
  const { serviceName, hostState } = held;
  const policy = serviceName === null ? host.policy : (host.servicesByName.get(serviceName)?.policy ?? host.policy);
  return {
    host,
    serviceId: held.serviceId,
    serviceName,
    kind: "state",
    fromState: held.fromState,
    toState: held.toState,
    isHard: true,
    attempt: held.attempt,
    maxCheckAttempts: policy.maxCheckAttempts,
    output: report.output,
    longOutput: report.longOutput,
    perfdata: report.perfdata,
    atMs: held.atMs,
    problem: held.problem,
    isRecovery: false,
    isFlapping: held.isFlapping,
    acknowledgementId: held.acknowledgementId,
    endedAcknowledgementId: null,
    isHostDown: held.serviceId !== null && (hostState.isDown || isUnsettled(held, nowMs)),
  };
}

/**
 * A service that was bad because its host was down is mostly fine a moment after the host is back: nobody is told before a result of it says
 * otherwise, or none came for five minutes.
 */
function isUnsettled({ reason, hostState, lastCheckAtMs }: HeldBackProblem, nowMs: number): boolean {
  if (reason !== "host-down" || hostState.changedAtMs === null) return false;
  const hasNewResult = lastCheckAtMs !== null && lastCheckAtMs >= hostState.changedAtMs;
  return !hasNewResult && nowMs < hostState.changedAtMs + settleMs;
}
