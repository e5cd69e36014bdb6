import { ChannelType } from "@mycloud/protocol/contact";
import { sql } from "kysely";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { idList } from "../monitored/id-list.ts";
import { QueuedContent } from "./mail/bundle-content.ts";
import type { QueuedMail } from "./mail/render-mail.ts";
import { isOvertakingSql } from "./overtaking.ts";
import { giveUpAfterMs } from "./retry-delay.ts";

/** A queued message that this process may send now. `mail` is null when its content cannot be read. */
export interface ClaimedMessage {
  readonly id: number;
  /** Attempts before this one. */
  readonly attempts: number;
  readonly contactId: number | null;
  readonly channel: ChannelType;
  readonly mail: QueuedMail | null;
}

/** The durable queue, shared by all control planes; a claim runs out, so a killed sender's messages are sent by another. */
export interface QueueStore {
  /** Claims messages for some channels, those that are due longest first; of one problem to one contact by one channel, the oldest only. */
  claim(
    channels: readonly ChannelType[],
    holder: string,
    limit: number,
    claimMs: number,
    nowMs: number,
  ): Promise<ClaimedMessage[]>;
  markSent(holder: string, id: number, nowMs: number): Promise<void>;
  retryLater(holder: string, ids: readonly number[], error: string, atMs: number, isAttempt: boolean): Promise<void>;
  markDead(holder: string, id: number, error: string): Promise<void>;
  /** Gives up what is too old; answers how many. */
  expire(nowMs: number): Promise<number>;
  /** The last message that an Alertmanager took of each problem that is still open, after `afterId`; claimed by nobody. */
  findOpenAlerts(afterId: number, limit: number): Promise<ClaimedMessage[]>;
  countByPhase(): Promise<{ queued: number; dead: number }>;
  /** Takes back every claim: for whoever is alone with the database and knows that those who claimed are gone. */
  releaseClaims(): Promise<void>;
}

type Fate = { phase: "sent"; sent_at_ms: number } | { phase: "dead"; last_error: string };

const unclaimed = { claimed_by: null, claimed_until_ms: null } as const;
const settled = { next_attempt_at_ms: null, ...unclaimed } as const;
/** What is older waits for the next look, a second later. */
const mostExpired = 1_000;

export function createQueueStore(database: ConnectedDatabase): QueueStore {
  const { db, dialect } = database;
  const claimed = (executor: Executor, holder: string, ids: readonly number[]) =>
    executor
      .updateTable("notification")
      .where("claimed_by", "=", holder)
      .where("phase", "=", "queued")
      .where(sql<boolean>`id in ${idList(dialect, ids)}`);
  const due = (executor: Executor, channels: readonly ChannelType[], nowMs: number) =>
    executor
      .selectFrom("notification")
      .where("phase", "=", "queued")
      .where("next_attempt_at_ms", "<=", nowMs)
      .where("channel", "in", channels)
      .where((eb) => eb.or([eb("claimed_until_ms", "is", null), eb("claimed_until_ms", "<=", nowMs)]))
      .where(sql<boolean>`not ${isOvertakingSql()}`);
  // Of the claimed messages that stand for others: their bundles.
  const bundles = new Map<number, number>();

  /** What came of a claimed message; the messages that it stands for fare as it does, in the same transaction. */
  async function settle(holder: string, id: number, fate: Fate): Promise<void> {
    const bundleId = bundles.get(id);
    bundles.delete(id);
    const own = { ...fate, ...settled, attempts: sql<number>`attempts + 1` };
    if (bundleId === undefined) {
      await claimed(db, holder, [id]).set(own).execute();
      return;
    }
    await database.transaction(async (tx) => {
      await claimed(tx, holder, [id]).set(own).execute();
      await partsOf(tx, [bundleId]).set(fate).execute();
    });
  }

  /** The messages that wait for their bundles' own. */
  const partsOf = (tx: Executor, bundleIds: readonly number[]) =>
    tx
      .updateTable("notification")
      .where(sql<boolean>`bundle_id in ${idList(dialect, bundleIds)}`)
      .where("phase", "=", "queued")
      .where("next_attempt_at_ms", "is", null);

  return {
    async claim(channels, holder, limit, claimMs, nowMs) {
      // Asked outside of a transaction first: an idle queue then costs one indexed read a second and no write lock.
      const first = await due(db, channels, nowMs).select("id").limit(1).executeTakeFirst();
      if (first === undefined) return [];
      return await database.transaction(async (tx) => {
        const rows = await due(tx, channels, nowMs)
          .select([
            "id",
            "attempts",
            "contact_id",
            "channel",
            "bundle_id",
            "address",
            "subject",
            "content_json",
            "message_id",
            "created_at_ms",
          ])
          .orderBy("next_attempt_at_ms")
          .orderBy("id")
          .limit(limit)
          .modifyEnd(dialect.forUpdateSkipLocked)
          .execute();
        const ids = rows.map((row) => row.id);
        await tx
          .updateTable("notification")
          .set({ claimed_by: holder, claimed_until_ms: nowMs + claimMs })
          .where(sql<boolean>`id in ${idList(dialect, ids)}`)
          .execute();
        for (const row of rows) if (row.bundle_id !== null) bundles.set(row.id, row.bundle_id);
        return rows.map(toClaimed);
      });
    },

    markSent: (holder, id, nowMs) => settle(holder, id, { phase: "sent", sent_at_ms: nowMs }),

    async retryLater(holder, ids, error, atMs, isAttempt) {
      await claimed(db, holder, ids)
        .set({
          attempts: isAttempt ? sql<number>`attempts + 1` : sql<number>`attempts`,
          last_error: error,
          next_attempt_at_ms: atMs,
          ...unclaimed,
        })
        .execute();
    },

    markDead: (holder, id, error) => settle(holder, id, { phase: "dead", last_error: error }),

    async expire(nowMs) {
      const old = await db
        .selectFrom("notification")
        .select(["id", "bundle_id"])
        .where("phase", "=", "queued")
        // What waits for a digest has no attempt yet.
        .where("next_attempt_at_ms", "is not", null)
        .where("created_at_ms", "<=", nowMs - giveUpAfterMs)
        .limit(mostExpired)
        .execute();
      if (old.length === 0) return 0;
      return await database.transaction(async (tx) => {
        const expired = await tx
          .updateTable("notification")
          .set({
            phase: "dead",
            last_error: sql<string>`${dialect.kind === "sqlite" ? sql`'given up after 48 h: ' || coalesce(last_error, 'never tried')` : sql`concat('given up after 48 h: ', coalesce(last_error, 'never tried'))`}`,
            ...settled,
          })
          .where("phase", "=", "queued")
          .where(
            sql<boolean>`id in ${idList(
              dialect,
              old.map(({ id }) => id),
            )}`,
          )
          .executeTakeFirst();
        const bundleIds = old.flatMap(({ bundle_id }) => bundle_id ?? []);
        const error = "given up after 48 h with the message that stood for it";
        if (bundleIds.length > 0) await partsOf(tx, bundleIds).set({ phase: "dead", last_error: error }).execute();
        return Number(expired.numUpdatedRows);
      });
    },

    async findOpenAlerts(afterId, limit) {
      const rows = await db
        .selectFrom("notification")
        .innerJoin("problem", "problem.id", "notification.problem_id")
        .selectAll("notification")
        .where("notification.id", ">", afterId)
        .where("channel", "=", "alertmanager")
        .where("phase", "=", "sent")
        .where("type", "in", ["PROBLEM", "FLAPPINGSTOP"])
        .where("problem.ended_at_ms", "is", null)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom("notification as later")
                .select("later.id")
                .whereRef("later.problem_id", "=", "notification.problem_id")
                .whereRef("later.contact_id", "=", "notification.contact_id")
                .whereRef("later.address", "=", "notification.address")
                .where("later.channel", "=", "alertmanager")
                .where("later.type", "in", ["PROBLEM", "FLAPPINGSTOP"])
                .whereRef("later.id", ">", "notification.id"),
            ),
          ),
        )
        .orderBy("notification.id")
        .limit(limit)
        .execute();
      return rows.map(toClaimed);
    },

    async countByPhase() {
      const rows = await db
        .selectFrom("notification")
        .select((eb) => ["phase", eb.fn.countAll<number>().as("count")])
        .where("phase", "in", ["queued", "dead"])
        .groupBy("phase")
        .execute();
      const count = (phase: string) => Number(rows.find((row) => row.phase === phase)?.count ?? 0);
      return { queued: count("queued"), dead: count("dead") };
    },

    async releaseClaims() {
      await db.updateTable("notification").set(unclaimed).where("phase", "=", "queued").execute();
    },
  };
}

function toClaimed(
  row: Parameters<typeof readMail>[0] & {
    readonly id: number;
    readonly attempts: number;
    readonly contact_id: number | null;
    readonly channel: string;
  },
): ClaimedMessage {
  return {
    id: row.id,
    attempts: row.attempts,
    contactId: row.contact_id,
    channel: ChannelType.parse(row.channel),
    mail: readMail(row),
  };
}

function readMail(row: {
  readonly address: string;
  readonly subject: string;
  readonly message_id: string;
  readonly created_at_ms: number;
  readonly content_json: string;
}): QueuedMail | null {
  let value: unknown;
  try {
    value = JSON.parse(row.content_json);
  } catch {
    return null;
  }
  const content = QueuedContent.safeParse(value);
  if (!content.success) return null;
  const { address, subject, message_id: messageId, created_at_ms: createdAtMs } = row;
  return { address, subject, messageId, createdAtMs, content: content.data };
}
