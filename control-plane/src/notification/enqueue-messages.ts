import { sql } from "kysely";
import type { Dialect, Executor, Row } from "../database/dialect/dialect.ts";
import { chunksOf, idList, idsPerQuery } from "../monitored/id-list.ts";
import { type ComposedMessage, contentOf } from "./compose-message.ts";

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
] as const;

interface LastOk {
  readonly atMs: number | null;
  readonly output: string | null;
}

/** Puts messages on the queue: durable with the transaction that `tx` belongs to, and due at once. */
export async function enqueueMessages(
  tx: Executor,
  dialect: Dialect,
  messages: readonly { readonly message: ComposedMessage; readonly stateChangeId: number | null }[],
  nowMs: number,
): Promise<void> {
  if (messages.length === 0) return;
  const announcements = messages.map(({ message }) => message.announcement);
  const lastOk = await findLastOk(tx, dialect, announcements);
  const rows = messages.map(({ message, stateChangeId }): Row => {
    const { announcement, recipient } = message;
    const { host, serviceId, problem } = announcement;
    const content = contentOf(message, lastOk.get(serviceId === null ? `h${host.id}` : `s${serviceId}`));
    return [
      announcement.type,
      problem?.id ?? null,
      stateChangeId,
      host.id,
      serviceId,
      announcement.toState,
      recipient.contact.id,
      recipient.contact.name,
      recipient.ruleName,
      "email",
      recipient.contact.email,
      message.subject,
      JSON.stringify(content),
      message.messageId,
      "queued",
      0,
      nowMs,
      nowMs,
    ];
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
