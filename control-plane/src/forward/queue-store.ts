import { sql } from "kysely";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { idList } from "../monitored/id-list.ts";
import type { ForwardedResult } from "./target/forwarded-result.ts";

/** A result that waits, with its place in the queue. */
export interface WaitingResult extends ForwardedResult {
  readonly id: number;
}

/** What changes in a forward's figures: counters are added, the rest replaced. */
export interface ForwardProgress {
  readonly sent?: number;
  readonly refused?: number;
  readonly dropped?: number;
  readonly lastSentAtMs: number | null;
  readonly lastError: string | null;
}

/** How a forward fares. */
export interface ForwardFigures {
  readonly forwardId: number;
  readonly waiting: number;
  readonly sent: number;
  readonly refused: number;
  readonly dropped: number;
  readonly lastSentAtMs: number | null;
  readonly lastError: string | null;
}

/** The oldest results of a forward's queue. */
export async function findOldest(
  { db }: ConnectedDatabase,
  forwardId: number,
  limit: number,
): Promise<WaitingResult[]> {
  const rows = await db
    .selectFrom("forward_item")
    .selectAll()
    .where("forward_id", "=", forwardId)
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    host: row.host_name,
    service: row.service_name,
    returnCode: row.return_code,
    output: row.output,
    checkedAtMs: row.checked_at_ms,
  }));
}

/** Takes results out of the queue and notes what became of them, in one transaction. */
export async function settle(
  database: ConnectedDatabase,
  forwardId: number,
  ids: readonly number[],
  progress: ForwardProgress,
): Promise<void> {
  const { dialect } = database;
  await database.transaction(async (tx) => {
    if (ids.length > 0) {
      await tx
        .deleteFrom("forward_item")
        .where(sql<boolean>`id in ${idList(dialect, ids)}`)
        .execute();
    }
    const { sent = 0, refused = 0, dropped = 0, lastSentAtMs, lastError } = progress;
    const row = { forward_id: forwardId, sent, refused, dropped, last_error: lastError?.slice(0, 500) ?? null };
    // Without a new instant the old one stays.
    const whole = lastSentAtMs === null ? row : { ...row, last_sent_at_ms: lastSentAtMs };
    await dialect.upsertAdding(tx, "forward_state", whole, ["forward_id"], ["sent", "refused", "dropped"]);
  });
}

/** The results beyond the newest `keep` of a forward, oldest first, at most 5,000. */
export async function findSurplus({ db }: ConnectedDatabase, forwardId: number, keep: number): Promise<number[]> {
  const { count } = await db
    .selectFrom("forward_item")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("forward_id", "=", forwardId)
    .executeTakeFirstOrThrow();
  const surplus = Math.min(Number(count) - keep, 5_000);
  if (surplus <= 0) return [];
  const rows = await db
    .selectFrom("forward_item")
    .select("id")
    .where("forward_id", "=", forwardId)
    .orderBy("id")
    .limit(surplus)
    .execute();
  return rows.map(({ id }) => id);
}

/** The figures of every forward that has had a result. */
export async function findFigures({ db }: ConnectedDatabase): Promise<ForwardFigures[]> {
  const waiting = await db
    .selectFrom("forward_item")
    .select((eb) => ["forward_id", eb.fn.countAll<number>().as("count")])
    .groupBy("forward_id")
    .execute();
  const counts = new Map(waiting.map((row) => [row.forward_id, Number(row.count)]));
  const states = await db.selectFrom("forward_state").selectAll().execute();
  const known = new Map(states.map((row) => [row.forward_id, row]));
  return [...new Set([...counts.keys(), ...known.keys()])].map((forwardId) => {
    const state = known.get(forwardId);
    return {
      forwardId,
      waiting: counts.get(forwardId) ?? 0,
      sent: state?.sent ?? 0,
      refused: state?.refused ?? 0,
      dropped: state?.dropped ?? 0,
      lastSentAtMs: state?.last_sent_at_ms ?? null,
      lastError: state?.last_error ?? null,
    };
  });
}
