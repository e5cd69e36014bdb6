import { sql } from "kysely";
import type { Dialect, Executor, Row } from "../database/dialect/dialect.ts";
import { chunksOf, idList, idsPerQuery } from "../monitored/id-list.ts";
import { joinBundles } from "./bundle-store.ts";
import { type ComposedMessage, contentOf } from "./compose-message.ts";
import { type DeliveryPlan, planDelivery } from "./plan-delivery.ts";
import { countForStorm } from "./storm.ts";

const columns = [
  "type",
  "problem_id",
  "state_change_id",
  "host_id",
  "service_id",
  "state",
  "contact_id",
  "contact_name",
  "rule_name",
  "channel",
  "address",
  "subject",
  "content_json",
  "message_id",
  "phase",
  "attempts",
  "created_at_ms",
  "next_attempt_at_ms",
  "via",
  "number",
  "bundle_id",
] as const;

/** The id of a contact made up for a user who is none: told of what they did themselves. */
export const userWithoutContact = 0;

/** A message with the form in which it reaches its contact. */
export interface PlannedMessage {
  readonly message: ComposedMessage;
  readonly plan: DeliveryPlan;
}

interface LastOk {
  readonly atMs: number | null;
  readonly output: string | null;
}

/** Decides in which form messages go out: by which channels, at once or in one message with others. */
export async function planMessages(
  executor: Executor,
  dialect: Dialect,
  messages: readonly ComposedMessage[],
  nowMs: number,
): Promise<PlannedMessage[]> {
  const contactIds = [...new Set(messages.map(({ recipient }) => recipient.contact.id))];
  const storm = await countForStorm(executor, dialect, contactIds, nowMs);
  return messages.map((message) => ({ message, plan: planDelivery(message, storm, nowMs) }));
}

/**
 * Puts messages on the queue: durable with the transaction that `tx` belongs to, and due at once or with the bundle that they become a part of. `newKey`
 * makes a new bundle's Message-ID unique.
 */
export async function enqueueMessages(
  tx: Executor,
  dialect: Dialect,
  messages: readonly (PlannedMessage & { readonly stateChangeId: number | null })[],
  newKey: () => string,
  nowMs: number,
): Promise<void> {
  if (messages.length === 0) return;
  const wanted = messages.flatMap(({ message, plan }) =>
    plan.deliveries.flatMap(({ bundle, channel, address }) =>
      bundle === null ? [] : [{ plan: bundle, contact: message.recipient.contact, channel, address }],
    ),
  );
  const bundleIds = await joinBundles(tx, dialect, wanted, newKey, nowMs);
  const announcements = messages.map(({ message }) => message.announcement);
  const lastOk = await findLastOk(tx, dialect, announcements);
  const rows = messages.flatMap(({ message, plan, stateChangeId }) => {
    const { announcement, recipient } = message;
    const { host, serviceId, problem } = announcement;
    const content = contentOf(message, lastOk.get(serviceId === null ? `h${host.id}` : `s${serviceId}`));
    const contentJson = JSON.stringify(content);
    return plan.deliveries.map(({ channel, address, bundle }): Row => {
      const bundleId = bundle === null ? null : (bundleIds.get(bundle.key) ?? null);
      return [
        announcement.type,
        problem?.id ?? null,
        stateChangeId,
        host.id,
        serviceId,
        announcement.toState,
        recipient.contact.id === userWithoutContact ? null : recipient.contact.id,
        recipient.contact.name,
        recipient.ruleName,
        channel,
        address,
        message.subject,
        contentJson,
        message.messageId,
        "queued",
        0,
        nowMs,
        bundleId === null ? nowMs : null,
        recipient.via,
        recipient.number,
        bundleId,
      ];
    });
  });
  await dialect.insertMany(tx, "notification", columns, rows);
}

/** When the objects of these announcements were last good, by `s<service id>` and `h<host id>`. */
async function findLastOk(
  tx: Executor,
  dialect: Dialect,
  announcements: readonly { readonly host: { readonly id: number }; readonly serviceId: number | null }[],
): Promise<Map<string, LastOk>> {
  const found = new Map<string, LastOk>();
  const serviceIds = new Set(announcements.flatMap(({ serviceId }) => serviceId ?? []));
  for (const chunk of chunksOf([...serviceIds], idsPerQuery)) {
    const rows = await tx
      .selectFrom("service_state")
      .select(["service_id", "last_ok_at_ms", "last_ok_output"])
      .where(sql<boolean>`service_id in ${idList(dialect, chunk)}`)
      .execute();
    for (const row of rows) found.set(`s${row.service_id}`, { atMs: row.last_ok_at_ms, output: row.last_ok_output });
  }
  const hostIds = new Set(announcements.filter(({ serviceId }) => serviceId === null).map(({ host }) => host.id));
  for (const chunk of chunksOf([...hostIds], idsPerQuery)) {
    const rows = await tx
      .selectFrom("host_state")
      .select(["host_id", "last_ok_at_ms", "last_ok_output"])
      .where(sql<boolean>`host_id in ${idList(dialect, chunk)}`)
      .execute();
    for (const row of rows) found.set(`h${row.host_id}`, { atMs: row.last_ok_at_ms, output: row.last_ok_output });
  }
  return found;
}
