import type { ContactChannel } from "@mycloud/protocol/contact";
import { sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { KnownContact } from "./known-rule.ts";
import type { BundlePlan } from "./plan-delivery.ts";

/** A bundle that a message wants to be a part of. */
export interface WantedBundle {
  readonly plan: BundlePlan;
  readonly contact: KnownContact;
  readonly channel: ContactChannel["type"];
  readonly address: string;
}

/**
 * Finds the open bundles that messages want to be a part of, opening those that are missing, and locks them: until `tx` ends, none of them is closed. Answers
 * their ids by their plans' keys.
 */
export async function joinBundles(
  tx: Executor,
  dialect: Dialect,
  wanted: readonly WantedBundle[],
  newKey: () => string,
  nowMs: number,
): Promise<Map<string, number>> {
  const byKey = new Map(wanted.map((one) => [one.plan.key, one]));
  // In one order, so that two transactions which want the same ones wait for each other instead of for both.
  const keys = [...byKey.keys()].sort();
  const found = await lockOpen(tx, dialect, keys);
  for (const key of keys) {
    const one = byKey.get(key);
    if (found.has(key) || one === undefined) continue;
    await dialect.insertIfAbsent(tx, "notification_bundle", {
      kind: one.plan.kind,
      open_key: key,
      contact_id: one.contact.id,
      contact_name: one.contact.name,
      rule_name: one.plan.ruleName,
      channel: one.channel,
      address: one.address,
      group_label: one.plan.label,
      message_key: newKey(),
      created_at_ms: nowMs,
      due_at_ms: one.plan.dueAtMs,
    });
    for (const [openKey, id] of await lockOpen(tx, dialect, [key])) found.set(openKey, id);
  }
  return found;
}

async function lockOpen(tx: Executor, dialect: Dialect, keys: readonly string[]): Promise<Map<string, number>> {
  if (keys.length === 0) return new Map();
  const rows = await tx
    .selectFrom("notification_bundle")
    .select(["id", "open_key"])
    .where("open_key", "in", keys)
    .orderBy("open_key")
    .modifyEnd(dialect.forUpdate)
    .execute();
  return new Map(rows.flatMap((row) => (row.open_key === null ? [] : [[row.open_key, row.id] as const])));
}

/** An open bundle whose time has come. */
export interface DueBundle {
  readonly id: number;
  readonly kind: BundlePlan["kind"];
  readonly contactId: number | null;
  readonly contactName: string;
  readonly ruleName: string | null;
  readonly channel: string;
  readonly address: string;
  readonly label: string;
  readonly messageKey: string;
}

/** Bundles that are due, without locks. */
export async function findDueBundles(executor: Executor, nowMs: number, limit: number): Promise<number[]> {
  const rows = await executor
    .selectFrom("notification_bundle")
    .select("id")
    .where("closed_at_ms", "is", null)
    .where("due_at_ms", "<=", nowMs)
    .orderBy("due_at_ms")
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

/** Locks a bundle and closes it, so that no message joins it any more; null when another control plane has closed it. */
export async function closeBundle(
  tx: Executor,
  dialect: Dialect,
  id: number,
  nowMs: number,
): Promise<DueBundle | null> {
  const row = await tx
    .selectFrom("notification_bundle")
    .selectAll()
    .where("id", "=", id)
    .where("closed_at_ms", "is", null)
    .modifyEnd(dialect.forUpdate)
    .executeTakeFirst();
  if (row === undefined) return null;
  await tx
    .updateTable("notification_bundle")
    .set({ open_key: null, closed_at_ms: nowMs })
    .where("id", "=", id)
    .execute();
  return {
    id,
    kind: row.kind === "DIGEST" || row.kind === "STORM" ? row.kind : "GROUP",
    contactId: row.contact_id,
    contactName: row.contact_name,
    ruleName: row.rule_name,
    channel: row.channel,
    address: row.address,
    label: row.group_label,
    messageKey: row.message_key,
  };
}

/** A message in a bundle, as its summary needs it. */
export interface BundleMember {
  readonly id: number;
  readonly type: string;
  readonly state: string;
  readonly hostId: number;
  readonly hostName: string;
  readonly serviceId: number | null;
  readonly serviceName: string | null;
  readonly createdAtMs: number;
}

/** The messages that wait in a bundle, oldest first. */
export async function findMembers(executor: Executor, bundleId: number): Promise<BundleMember[]> {
  const rows = await executor
    .selectFrom("notification")
    .innerJoin("host", "host.id", "notification.host_id")
    .leftJoin("service", "service.id", "notification.service_id")
    .select(["notification.id", "type", "state", "notification.host_id", "host.name as host_name"])
    .select(["notification.service_id", "service.name as service_name", "notification.created_at_ms"])
    .where("bundle_id", "=", bundleId)
    .where("phase", "=", "queued")
    .where("next_attempt_at_ms", "is", null)
    .orderBy("notification.id")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    type: row.type,
    state: row.state,
    hostId: row.host_id,
    hostName: row.host_name,
    serviceId: row.service_id,
    serviceName: row.service_name,
    createdAtMs: row.created_at_ms,
  }));
}

/** Lets the only message of a bundle go by itself. */
export async function releaseMember(tx: Executor, id: number, nowMs: number): Promise<void> {
  await tx
    .updateTable("notification")
    .set({ bundle_id: null, next_attempt_at_ms: nowMs })
    .where("id", "=", id)
    .execute();
}

/** The changes that waited in a bundle have been told now; those in a storm's summary stay what they are. */
export async function markChangesNotified(tx: Executor, bundleId: number, message: string): Promise<void> {
  await tx
    .updateTable("state_change")
    .set({ is_notified: 1, notification_reason: "notified", notification_message: message })
    .where("notification_reason", "in", ["grouped", "digest"])
    .where(
      sql<boolean>`id in (select state_change_id from notification where bundle_id = ${bundleId} and state_change_id is not null)`,
    )
    .execute();
}
