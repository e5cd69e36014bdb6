import { sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { chunksOf, idList, idsPerQuery } from "../monitored/id-list.ts";
import type { NotificationDecider, NotificationOutcome, StateChangeRecord } from "../state-change/index.ts";
import { type ComposedMessage, composeMessage } from "./compose-message.ts";
import { decideNotification, type NotificationVerdict } from "./decide-notification.ts";
import type { CompiledDefinitions, NotificationDefinitionCache } from "./definition-cache.ts";
import { downtimeFor } from "./definitions.ts";
import { enqueueMessages } from "./enqueue-messages.ts";
import { objectName } from "./mail/subject.ts";
import { findThreads, type ProblemThread, threadOf } from "./thread-store.ts";

export interface DeciderDependencies {
  readonly dialect: Dialect;
  readonly definitions: NotificationDefinitionCache;
  /** Right part of every Message-ID. */
  readonly messageIdDomain: string;
  readonly newThreadKey: () => string;
}

/** The real decider: judges changes one after the other against the cached definitions, and queues messages in the same transaction. */
export function createNotificationDecider(dependencies: DeciderDependencies): NotificationDecider {
  const { dialect, definitions, messageIdDomain, newThreadKey } = dependencies;
  return {
    async decide(executor, changes, nowMs) {
      const known = await definitions.read(executor, nowMs);
      const context: DecisionContext = {
        known,
        nowMs,
        authors: await findAuthors(executor, dialect, changes),
        threads: await findThreads(executor, dialect, problemsOf(changes)),
      };
      const outcomes: (NotificationOutcome | null)[] = [];
      const queued: { readonly message: ComposedMessage; readonly index: number }[] = [];
      for (const [index, change] of changes.entries()) {
        const verdict = judge(change, context);
        outcomes.push(outcomeOf(verdict));
        if (verdict.kind !== "notify") continue;
        const thread = change.problem === null ? null : threadOf(context.threads, change.problem.id);
        for (const recipient of verdict.recipients) {
          const announcement = { ...change, type: verdict.type, remark: null };
          const message = composeMessage(announcement, recipient, thread, newThreadKey(), messageIdDomain);
          queued.push({ message, index });
        }
      }
      return {
        outcomes,
        async enqueue(tx, stateChangeIds) {
          const messages = queued.map(({ message, index }) => ({
            message,
            stateChangeId: stateChangeIds[index] ?? null,
          }));
          await enqueueMessages(tx, dialect, messages, nowMs);
        },
      };
    },
  };
}

/** What every decision of one transaction shares; `threads` grows with the messages decided on. */
export interface DecisionContext {
  readonly known: CompiledDefinitions;
  readonly nowMs: number;
  readonly authors: ReadonlyMap<number, string>;
  readonly threads: Map<number, ProblemThread>;
}

/** Judges one change. Pure but for the memory of the compiled definitions. */
export function judge(
  change: StateChangeRecord,
  { known, nowMs, authors, threads }: DecisionContext,
): NotificationVerdict {
  const { host, serviceId, serviceName, problem, acknowledgementId } = change;
  const author = acknowledgementId === null ? undefined : (authors.get(acknowledgementId) ?? "somebody");
  return decideNotification({
    change,
    objectName: objectName(host.name, serviceName),
    hostName: host.name,
    isHostDown: change.isHostDown,
    downtime:
      known.downtimes.length === 0 ? null : downtimeFor(known.downtimes, host, serviceName, nowMs, change.isHostDown),
    acknowledgement: author === undefined ? null : { authorName: author },
    rules: known.rulesFor(host, serviceId, serviceName),
    contacts: known.contacts,
    told: problem === null ? [] : (threads.get(problem.id)?.told ?? []),
  });
}

export function outcomeOf(verdict: NotificationVerdict): NotificationOutcome | null {
  switch (verdict.kind) {
    case "no-question":
      return null;
    case "notify":
      return { isNotified: true, reason: "notified", message: verdict.message };
    case "suppress":
      return { isNotified: false, reason: verdict.reason, message: verdict.message };
  }
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
