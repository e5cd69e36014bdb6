import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import type { DefinitionCache, MonitoredHost } from "../monitored/index.ts";
import { shownHostStateOf, shownServiceStateOf } from "../monitored/index.ts";
import { audienceAt, isReachable, wants } from "./audience-at.ts";
import { composeMessage } from "./compose-message.ts";
import type { CompiledDefinitions, NotificationDefinitionCache } from "./definition-cache.ts";
import { enqueueMessages, planMessages, userWithoutContact } from "./enqueue-messages.ts";
import type { KnownContact, KnownRule } from "./known-rule.ts";
import { objectName } from "./mail/subject.ts";
import type { Recipient } from "./recipients.ts";

/** What somebody did, or what has run out, that people are told of. */
export interface OperationNews {
  readonly type: "DOWNTIMESTART" | "DOWNTIMEEND" | "DOWNTIMECANCELLED" | "CUSTOM";
  readonly hostId: number;
  readonly serviceId: number | null;
  /** What is said of it, in a sentence. */
  readonly remark: string;
  /** The user it concerns, told in any case; null when there is none. */
  readonly userId: number | null;
  /** Which rules that cover the object name others: those that tell of downtimes, all of them, or none. */
  readonly rules: "DOWNTIME" | "all" | "none";
}

/** Queues news in the transaction of what it is about; answers how many people are told. */
export type AnnounceOperation = (tx: Executor, news: OperationNews, nowMs: number) => Promise<number>;

interface AnnouncementDependencies {
  readonly database: ConnectedDatabase;
  readonly definitions: NotificationDefinitionCache;
  readonly hosts: Pick<DefinitionCache, "hostsById">;
  readonly messageIdDomain: string;
  readonly newThreadKey: () => string;
}

/** Makes what tells people of downtimes, notes and acknowledgements that ran out. */
export function createAnnounceOperation(dependencies: AnnouncementDependencies): AnnounceOperation {
  const { database, definitions, hosts, messageIdDomain, newThreadKey } = dependencies;
  const { dialect } = database;
  return async (tx, news, nowMs) => {
    const { type, hostId, serviceId, remark, userId } = news;
    const host = (await hosts.hostsById(tx, new Set([hostId]))).get(hostId);
    const report = host === undefined ? null : await findReport(tx, host, serviceId);
    if (host === undefined || report === null) return 0;
    const known = await definitions.read(tx, nowMs);
    const recipients = new Map<number, Recipient>();
    const own = userId === null ? null : await findContactOfUser(tx, known.contacts, userId);
    if (own !== null) recipients.set(own.id, { contact: own, rule: null, ruleName: null, via: null, number: 1 });
    for (const recipient of named(known, known.rulesFor(host, serviceId, report.serviceName), news.rules, nowMs)) {
      if (!recipients.has(recipient.contact.id)) recipients.set(recipient.contact.id, recipient);
    }
    const messages = [...recipients.values()].map((recipient) => {
      const announcement = {
        ...report,
        type,
        host,
        serviceId,
        atMs: nowMs,
        problem: null,
        remark,
        rootName: objectName(host.name, report.serviceName),
      };
      return composeMessage(announcement, recipient, null, newThreadKey(), messageIdDomain);
    });
    const planned = await planMessages(tx, dialect, messages, nowMs);
    const rows = planned.map((message) => ({ ...message, stateChangeId: null }));
    await enqueueMessages(tx, dialect, rows, newThreadKey, nowMs);
    return messages.length;
  };
}

/**
 * Whoever the rules name: of a downtime those who want to hear of such, in their time periods, as nobody is woken by one; what somebody writes to people
 * is meant to reach all of them. Pure.
 */
function named(
  { periods }: CompiledDefinitions,
  rules: readonly KnownRule[],
  which: OperationNews["rules"],
  nowMs: number,
): Recipient[] {
  if (which === "none") return [];
  const isTold = (rule: KnownRule, contact: KnownContact) =>
    which === "all" ||
    (rule.states.has(which) &&
      wants(contact, which) &&
      periods.isInside(rule.period, nowMs) &&
      periods.isInside(contact.period, nowMs));
  return rules.flatMap((rule) =>
    audienceAt(rule, nowMs)
      .filter(({ contact }) => isReachable(contact) && isTold(rule, contact))
      .map(({ contact, via }) => ({ contact, rule, ruleName: rule.name, via, number: 1 })),
  );
}

/** What was last reported of a host or one of its services; null when it is gone. */
async function findReport(tx: Executor, host: MonitoredHost, serviceId: number | null) {
  const columns = ["state", "is_stale", "has_been_checked", "attempt", "output", "long_output", "perfdata"] as const;
  const row =
    serviceId === null
      ? await tx.selectFrom("host_state").select(columns).where("host_id", "=", host.id).executeTakeFirst()
      : await tx.selectFrom("service_state").select(columns).where("service_id", "=", serviceId).executeTakeFirst();
  const service = [...host.servicesByName.values()].find(({ id }) => id === serviceId);
  if (row === undefined || (serviceId !== null && service === undefined)) return null;
  const { policy, settings } = service ?? host;
  const state = service === undefined ? shownHostStateOf(row) : shownServiceStateOf(row);
  return {
    serviceName: service?.name ?? null,
    fromState: state,
    toState: state,
    attempt: row.attempt,
    maxCheckAttempts: policy.maxCheckAttempts,
    output: row.output,
    longOutput: row.long_output,
    perfdata: row.perfdata,
    businessImpact: settings.businessImpact,
  };
}

/** The contact that a user is, or the user by their own address; null when they cannot be told. */
async function findContactOfUser(
  tx: Executor,
  contacts: ReadonlyMap<number, KnownContact>,
  userId: number,
): Promise<KnownContact | null> {
  const row = await tx
    .selectFrom("contact")
    .select("id")
    .where("user_id", "=", userId)
    .where("is_enabled", "=", 1)
    .orderBy("id")
    .executeTakeFirst();
  const contact = row === undefined ? undefined : contacts.get(row.id);
  if (contact !== undefined && isReachable(contact)) return contact;
  const user = await tx
    .selectFrom("user")
    .select(["name", "email", "customer"])
    .where("id", "=", userId)
    .where("is_disabled", "=", 0)
    .executeTakeFirst();
  if (user === undefined) return null;
  return {
    ...user,
    id: userWithoutContact,
    isEnabled: true,
    period: null,
    states: null,
    minimumBusinessImpact: 0,
    channels: [{ type: "email" }],
    stormLimitPerMinute: Number.POSITIVE_INFINITY,
  };
}
