import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import { composeMessage } from "./compose-message.ts";
import type { NotificationDefinitionCache } from "./definition-cache.ts";
import { enqueueMessages, planMessages } from "./enqueue-messages.ts";
import { objectName } from "./mail/subject.ts";
import { findProblems } from "./problem-store.ts";
import { recipientsOfRecovery } from "./recipients.ts";
import { findThreads, threadOf } from "./thread-store.ts";

/** What was acknowledged, as the message shows it. */
export interface AcknowledgedObject {
  readonly hostId: number;
  readonly serviceId: number | null;
  readonly serviceName: string | null;
  readonly shownState: string;
  readonly attempt: number;
  readonly output: string;
  readonly longOutput: string;
  readonly perfdata: string;
  readonly problemId: number | null;
}

/** Queues the news that somebody is on it, in the transaction of the acknowledgement, to exactly those who were told of the problem. */
export type AnnounceAcknowledgements = (
  tx: Executor,
  objects: readonly AcknowledgedObject[],
  acknowledgement: { readonly authorName: string; readonly comment: string },
  nowMs: number,
) => Promise<void>;

interface AnnouncementDependencies {
  readonly database: ConnectedDatabase;
  readonly definitions: NotificationDefinitionCache;
  readonly hosts: Pick<DefinitionCache, "hostsById">;
  readonly messageIdDomain: string;
  readonly newThreadKey: () => string;
}

export function createAnnounceAcknowledgements(dependencies: AnnouncementDependencies): AnnounceAcknowledgements {
  const { definitions, hosts, messageIdDomain, newThreadKey } = dependencies;
  const { dialect } = dependencies.database;
  return async (tx, objects, { authorName, comment }, nowMs) => {
    const problemIds = objects.flatMap(({ problemId }) => problemId ?? []);
    if (problemIds.length === 0) return;
    const { contacts, rules } = await definitions.read(tx, nowMs);
    // No rule and no contact refuses this message: whoever knows of the problem may know that it is being worked on.
    const anybody = new Map([...contacts].map(([id, contact]) => [id, { ...contact, states: null }]));
    const willing = rules.map((rule) => ({ ...rule, states: new Set([...rule.states, "RECOVERY"]) }));
    const problems = await findProblems(tx, dialect, problemIds);
    const threads = await findThreads(tx, dialect, problemIds);
    const known = await hosts.hostsById(tx, new Set(objects.map(({ hostId }) => hostId)));
    const messages = objects.flatMap((object) => {
      const host = known.get(object.hostId);
      const problem = object.problemId === null ? undefined : problems.get(object.problemId);
      if (host === undefined || problem === undefined) return [];
      const thread = threadOf(threads, problem.id);
      const { shownState, serviceName } = object;
      const { recipients } = recipientsOfRecovery(thread.told, anybody, willing, serviceName);
      const policy = serviceName === null ? host.policy : (host.servicesByName.get(serviceName)?.policy ?? host.policy);
      const announcement = {
        ...object,
        type: "ACKNOWLEDGEMENT" as const,
        host,
        problem,
        fromState: shownState,
        toState: shownState,
        maxCheckAttempts: policy.maxCheckAttempts,
        atMs: nowMs,
        remark: `${authorName}: ${comment}`,
        businessImpact: (host.servicesByName.get(serviceName ?? "") ?? host).settings.businessImpact,
        rootName: objectName(host.name, serviceName),
      };
      return recipients.map((recipient) =>
        composeMessage(announcement, recipient, thread, newThreadKey(), messageIdDomain),
      );
    });
    const planned = await planMessages(tx, dialect, messages, nowMs);
    const rows = planned.map((message) => ({ ...message, stateChangeId: null }));
    await enqueueMessages(tx, dialect, rows, newThreadKey, nowMs);
  };
}
