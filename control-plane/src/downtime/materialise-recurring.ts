import { RecurringDowntimeInput } from "@mycloud/protocol/downtime";
import type { Logger } from "pino";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { planOccurrences, refuseSchedule } from "./plan-occurrences.ts";

export interface RecurringDependencies {
  readonly database: ConnectedDatabase;
  readonly changes: ChangeBus;
  readonly logger: Logger;
  readonly now: () => number;
}

/**
 * Turns recurring downtimes into downtimes ahead of time. An occurrence is unique by its definition and its start, so it comes once, however many
 * control planes look and whenever one is killed. What has not begun follows a change of the definition; what somebody cancelled stays cancelled.
 * Run it every few seconds; answers how many were made.
 */
export async function materialiseRecurring({ database, changes, logger, now }: RecurringDependencies): Promise<number> {
  const { db, dialect } = database;
  const rows = await db.selectFrom("definition").selectAll().where("kind", "=", "RecurringDowntime").execute();
  const nowMs = now();
  let changed = await dropOutdated(database, new Map(rows.map((row) => [row.id, row.updated_at_ms])), nowMs);
  let made = 0;
  for (const row of rows) {
    const parsed = RecurringDowntimeInput.safeParse({ ...Object(JSON.parse(row.spec_json)), name: row.name });
    const fault = parsed.success ? refuseSchedule(parsed.data.cron, parsed.data.timeZone) : parsed.error.message;
    if (!parsed.success || fault !== null) {
      logger.warn({ recurringDowntime: row.name, reason: fault }, "a recurring downtime cannot be planned");
      continue;
    }
    const { selector, comment, durationSeconds, reminderSeconds } = parsed.data;
    for (const startAtMs of planOccurrences({ ...parsed.data, updatedAtMs: row.updated_at_ms }, nowMs)) {
      const isNew = await dialect.insertIfAbsent(db, "downtime", {
        selector_json: JSON.stringify(selector),
        start_at_ms: startAtMs,
        end_at_ms: startAtMs + durationSeconds * 1000,
        comment,
        author_name: row.name,
        reminder_seconds: reminderSeconds,
        recurring_id: row.id,
        recurring_name: row.name,
        occurrence_at_ms: startAtMs,
        created_at_ms: nowMs,
      });
      if (isNew) made++;
    }
  }
  changed ||= made > 0;
  if (changed) changes.publish("downtimes", null);
  return made;
}

/** Deletes what has not begun and is of a definition that was changed, or deleted, since; true when there was any. */
async function dropOutdated(
  { db }: ConnectedDatabase,
  updatedAtMs: ReadonlyMap<number, number>,
  nowMs: number,
): Promise<boolean> {
  const pending = await db
    .selectFrom("downtime")
    .select(["id", "recurring_id", "created_at_ms"])
    .where("recurring_id", "is not", null)
    .where("started_at_ms", "is", null)
    .where("cancelled_at_ms", "is", null)
    .where("start_at_ms", ">", nowMs)
    .execute();
  let dropped = false;
  for (const { id, recurring_id, created_at_ms } of pending) {
    const changedAtMs = updatedAtMs.get(recurring_id ?? 0);
    if (changedAtMs !== undefined && changedAtMs <= created_at_ms) continue;
    await db.deleteFrom("downtime").where("id", "=", id).where("started_at_ms", "is", null).execute();
    dropped = true;
  }
  return dropped;
}
