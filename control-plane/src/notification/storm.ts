import { sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { idList } from "../monitored/id-list.ts";

/** How far back messages count towards a contact's limit, and how long a summary collects. */
export const stormWindowMs = 60_000;

/** How many messages contacts got by themselves lately, and who is in a storm already. */
export interface StormCounts {
  readonly sent: Map<number, number>;
  readonly inStorm: ReadonlySet<number>;
}

/** Counts for these contacts. With several control planes at once a few more messages than the limit may slip through. */
export async function countForStorm(
  executor: Executor,
  dialect: Dialect,
  contactIds: readonly number[],
  nowMs: number,
): Promise<StormCounts> {
  if (contactIds.length === 0) return { sent: new Map(), inStorm: new Set() };
  const sent = await executor
    .selectFrom("notification")
    .select((eb) => ["contact_id", eb.fn.count<number>("message_id").distinct().as("count")])
    .where(sql<boolean>`contact_id in ${idList(dialect, contactIds)}`)
    .where("created_at_ms", ">", nowMs - stormWindowMs)
    .where("bundle_id", "is", null)
    .groupBy("contact_id")
    .execute();
  const storms = await executor
    .selectFrom("notification_bundle")
    .select("contact_id")
    .where(sql<boolean>`contact_id in ${idList(dialect, contactIds)}`)
    .where("kind", "=", "STORM")
    .where("closed_at_ms", "is", null)
    .execute();
  return {
    sent: new Map(sent.flatMap((row) => (row.contact_id === null ? [] : [[row.contact_id, Number(row.count)]]))),
    inStorm: new Set(storms.flatMap((row) => row.contact_id ?? [])),
  };
}
