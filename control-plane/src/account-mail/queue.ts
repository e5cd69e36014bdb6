import type { ConnectedDatabase } from "../database/dialect/dialect.ts";

/** A mail that this process has taken to send. */
export interface ClaimedMail {
  readonly id: number;
  readonly kind: string;
  readonly email: string;
  readonly userId: number | null;
  readonly contentSealed: string;
  readonly createdAtMs: number;
  readonly attempts: number;
  readonly timeZone: string | null;
}

const batchSize = 20;
const claimMs = 180_000;

/** Takes what is due, so that no other control plane sends it meanwhile. */
export async function claimMails(database: ConnectedDatabase, holder: string, nowMs: number): Promise<ClaimedMail[]> {
  return await database.transaction(async (tx) => {
    const rows = await tx
      .selectFrom("account_mail")
      .selectAll()
      .where("due_at_ms", "<=", nowMs)
      .where((eb) => eb.or([eb("claimed_until_ms", "is", null), eb("claimed_until_ms", "<=", nowMs)]))
      .orderBy("id")
      .limit(batchSize)
      .modifyEnd(database.dialect.forUpdateSkipLocked)
      .execute();
    if (rows.length === 0) return [];
    const ids = rows.map((row) => row.id);
    await tx
      .updateTable("account_mail")
      .set({ claimed_by: holder, claimed_until_ms: nowMs + claimMs })
      .where("id", "in", ids)
      .execute();
    const userIds = rows.flatMap((row) => (row.user_id === null ? [] : [row.user_id]));
    const users =
      userIds.length === 0
        ? []
        : await tx.selectFrom("user").select(["id", "time_zone"]).where("id", "in", userIds).execute();
    const zones = new Map(users.map((user) => [user.id, user.time_zone]));
    return rows.map((row) => ({
      id: row.id,
      kind: row.kind,
      email: row.email,
      userId: row.user_id,
      contentSealed: row.content_sealed,
      createdAtMs: row.created_at_ms,
      attempts: row.attempts,
      timeZone: row.user_id === null ? null : (zones.get(row.user_id) ?? null),
    }));
  });
}

/** It was handed over, or never will be. */
export async function removeMail({ db }: ConnectedDatabase, id: number): Promise<void> {
  await db.deleteFrom("account_mail").where("id", "=", id).execute();
}

export async function retryMailLater({ db }: ConnectedDatabase, mail: ClaimedMail, dueAtMs: number): Promise<void> {
  await db
    .updateTable("account_mail")
    .set({ due_at_ms: dueAtMs, attempts: mail.attempts + 1, claimed_by: null, claimed_until_ms: null })
    .where("id", "=", mail.id)
    .execute();
}
