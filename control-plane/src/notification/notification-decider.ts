import { sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import {
  type FindNotificationBlocks,
  type NotificationBlocks,
  type NotificationSubject,
  noNotificationBlocks,
} from "../dependency/notification-blocks.ts";
import { chunksOf, idList, idsPerQuery } from "../monitored/id-list.ts";
import type { NotificationDecider, NotificationOutcome, StateChangeRecord } from "../state-change/index.ts";
import { type ComposedMessage, composeMessage } from "./compose-message.ts";
import { decideNotification, type NotificationVerdict } from "./decide-notification.ts";
import type { CompiledDefinitions, NotificationDefinitionCache } from "./definition-cache.ts";
import { downtimeFor } from "./definitions.ts";
import { enqueueMessages, planMessages } from "./enqueue-messages.ts";
import type { FindRootHosts, RootHosts } from "./find-root-hosts.ts";
import { objectName } from "./mail/subject.ts";
import type { Disposition } from "./plan-delivery.ts";
import type { RuleSchedule } from "./rule-schedule.ts";
import { deleteSchedules, findSchedules, type ProblemSchedules, putSchedule, saveSchedules } from "./schedule-store.ts";
import { findThreads, type ProblemThread, threadOf } from "./thread-store.ts";

export interface DeciderDependencies {
  readonly dialect: Dialect;
  readonly definitions: NotificationDefinitionCache;
  readonly findBlocks?: FindNotificationBlocks;
  readonly findRoots?: FindRootHosts;
  /** Right part of every Message-ID. */
  readonly messageIdDomain: string;
  readonly newThreadKey: () => string;
}

/** The real decider: judges changes one after the other against the cached definitions, and queues messages in the same transaction. */
export function createNotificationDecider(dependencies: DeciderDependencies): NotificationDecider {
  const { dialect, definitions, newThreadKey } = dependencies;
  return {
    async decide(executor, changes, nowMs) {
      const known = await definitions.read(executor, nowMs);
      const problemIds = problemsOf(changes);
      const context: DecisionContext = {
        known,
        nowMs,
        authors: await findAuthors(executor, dialect, changes),
        threads: await findThreads(executor, dialect, problemIds),
        schedules: await findSchedules(executor, dialect, problemIds),
        roots: await findRootsOf(dependencies, executor, known, changes),
        blocks: (await dependencies.findBlocks?.(executor, changes.map(subjectOf), nowMs)) ?? noNotificationBlocks,
      };
      const composed = changes.map((change) => {
        const verdict = judge(change, null, context);
        return { change, verdict, messages: compose(change, verdict, null, context, dependencies) };
      });
      const planned = await planMessages(
        executor,
        dialect,
        composed.flatMap(({ messages }) => messages),
        nowMs,
      );
      let next = 0;
      const decided = composed.map((one) => {
        const plans = planned.slice(next, next + one.messages.length);
        next += one.messages.length;
        return { ...one, plans };
      });
      return {
        outcomes: decided.map(({ verdict, plans }) =>
          outcomeOf(
            verdict,
            plans.map(({ plan }) => plan.disposition),
          ),
        ),
        async enqueue(tx, stateChangeIds) {
          const messages = decided.flatMap(({ plans }, index) =>
            plans.map((plan) => ({ ...plan, stateChangeId: stateChangeIds[index] ?? null })),
          );
          await enqueueMessages(tx, dialect, messages, newThreadKey, nowMs);
          await saveSchedules(tx, dialect, decided.flatMap(scheduledBy));
          await deleteSchedules(tx, dialect, endedWithSchedules(changes, context.schedules));
        },
      };
    },
  };
}

/** The roots of what changed, as far as anybody asks for them. */
export async function findRootsOf(
  { findRoots }: Pick<DeciderDependencies, "findRoots">,
  executor: Executor,
  known: CompiledDefinitions,
  changes: readonly { readonly host: { readonly id: number } }[],
): Promise<RootHosts> {
  return (await findRoots?.(executor, known, new Set(changes.map(({ host }) => host.id)))) ?? new Map();
}

/** What every decision of one transaction shares; `threads` and `schedules` grow with what is decided. */
export interface DecisionContext {
  readonly known: CompiledDefinitions;
  readonly nowMs: number;
  readonly authors: ReadonlyMap<number, string>;
  readonly threads: Map<number, ProblemThread>;
  readonly schedules: ProblemSchedules;
  readonly blocks: NotificationBlocks;
  readonly roots: RootHosts;
}

/** Judges one change: all rules, or, when their time has come, those of `dueRules`. Pure but for the memory of the context. */
export function judge(
  change: StateChangeRecord,
  dueRules: ReadonlySet<number> | null,
  { known, nowMs, authors, threads, schedules, blocks }: DecisionContext,
): NotificationVerdict {
  const { host, serviceId, serviceName, problem, acknowledgementId } = change;
  const author = acknowledgementId === null ? undefined : (authors.get(acknowledgementId) ?? "somebody");
  const verdict = decideNotification({
    change,
    objectName: objectName(host.name, serviceName),
    serviceName,
    hostName: host.name,
    isHostDown: change.isHostDown,
    blockedBy: blocks.find(subjectOf(change)),
    downtime:
      known.downtimes.length === 0 ? null : downtimeFor(known.downtimes, host, serviceName, nowMs, change.isHostDown),
    acknowledgement: author === undefined ? null : { authorName: author },
    rules: known.rulesFor(host, serviceId, serviceName),
    contacts: known.contacts,
    told: problem === null ? [] : (threads.get(problem.id)?.told ?? []),
    isNotificationEnabled: change.isNotificationEnabled,
    businessImpact: change.businessImpact,
    problemStartedAtMs: problem?.startedAtMs ?? null,
    schedules: (problem === null ? undefined : schedules.get(problem.id)) ?? noSchedules,
    dueRules,
    periods: known.periods,
    nowMs,
  });
  if (problem !== null && verdict.kind !== "no-question") {
    for (const entry of verdict.schedules) putSchedule(schedules, problem.id, entry);
  }
  return verdict;
}

function subjectOf({ host, serviceName, toState }: StateChangeRecord): NotificationSubject {
  return { hostId: host.id, serviceName, state: toState };
}

const noSchedules: ReadonlyMap<number, RuleSchedule> = new Map();

/** Composes the messages of a verdict, which become a part of the problem's thread. */
export function compose(
  change: StateChangeRecord,
  verdict: NotificationVerdict,
  remark: string | null,
  { threads, roots }: DecisionContext,
  { messageIdDomain, newThreadKey }: Pick<DeciderDependencies, "messageIdDomain" | "newThreadKey">,
): ComposedMessage[] {
  if (verdict.kind !== "notify") return [];
  const thread = change.problem === null ? null : threadOf(threads, change.problem.id);
  const { host, serviceName, isHostDown } = change;
  const ownName = objectName(host.name, serviceName);
  // A service is an impact of its host's root only while that host is down.
  const rootName = serviceName === null || isHostDown ? (roots.get(host.id) ?? host.name) : ownName;
  const announcement = { ...change, type: verdict.type, remark, rootName };
  return verdict.recipients.map((recipient) =>
    composeMessage(announcement, recipient, thread, newThreadKey(), messageIdDomain),
  );
}

/** What is recorded of a verdict whose messages go out in these forms. */
export function outcomeOf(
  verdict: NotificationVerdict,
  dispositions: readonly Disposition[],
): NotificationOutcome | null {
  switch (verdict.kind) {
    case "no-question":
      return null;
    case "suppress":
      return { isNotified: false, reason: verdict.reason, message: verdict.message };
    case "notify": {
      const { message } = verdict;
      if (dispositions.length === 0 || dispositions.includes("now")) {
        return { isNotified: true, reason: "notified", message };
      }
      if (dispositions.includes("grouped")) {
        return { isNotified: false, reason: "grouped", message: `waits to be one message with others: ${message}` };
      }
      if (dispositions.includes("digest")) {
        return { isNotified: false, reason: "digest", message: `waits for the digest: ${message}` };
      }
      const why = "too many messages in a minute; a summary says how many";
      return { isNotified: false, reason: "storm", message: `${why}: ${message}` };
    }
  }
}

/** Where rules stand after a verdict, to be stored. */
export function scheduledBy({
  change,
  verdict,
}: {
  readonly change: StateChangeRecord;
  readonly verdict: NotificationVerdict;
}): { problemId: number; entry: RuleSchedule }[] {
  const { problem } = change;
  if (problem === null || verdict.kind === "no-question") return [];
  return verdict.schedules.map((entry) => ({ problemId: problem.id, entry }));
}

function endedWithSchedules(changes: readonly StateChangeRecord[], schedules: ProblemSchedules): number[] {
  return changes.flatMap(({ isRecovery, problem }) =>
    isRecovery && problem !== null && schedules.has(problem.id) ? problem.id : [],
  );
}

function problemsOf(changes: readonly StateChangeRecord[]): number[] {
  return [...new Set(changes.flatMap(({ problem }) => problem?.id ?? []))];
}

/** Who wrote the acknowledgements that these changes are under. */
export async function findAuthors(
  executor: Executor,
  dialect: Dialect,
  changes: readonly Pick<StateChangeRecord, "acknowledgementId">[],
): Promise<Map<number, string>> {
  const ids = new Set(changes.flatMap(({ acknowledgementId }) => acknowledgementId ?? []));
  const authors = new Map<number, string>();
  for (const chunk of chunksOf([...ids], idsPerQuery)) {
    const rows = await executor
      .selectFrom("acknowledgement")
      .select(["id", "author_name"])
      .where(sql<boolean>`id in ${idList(dialect, chunk)}`)
      .execute();
    for (const row of rows) authors.set(row.id, row.author_name);
  }
  return authors;
}
