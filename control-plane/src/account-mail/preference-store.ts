import { MailKind, type MailPreference } from "@mycloud/protocol/account";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";

/** Which mails somebody wants: all, but for those they turned off. */
export async function findPreferences(executor: Executor, userId: number): Promise<MailPreference[]> {
  const rows = await executor
    .selectFrom("mail_preference")
    .select(["kind", "is_wanted"])
    .where("user_id", "=", userId)
    .execute();
  const stored = new Map(rows.map((row) => [row.kind, row.is_wanted === 1]));
  return MailKind.options.map((kind) => ({ kind, isWanted: stored.get(kind) ?? true }));
}

/** Stores what is given; other kinds stay. */
export async function savePreferences(
  tx: Executor,
  dialect: Dialect,
  userId: number,
  preferences: readonly MailPreference[],
): Promise<void> {
  if (preferences.length === 0) return;
  const rows = preferences.map(({ kind, isWanted }) => [userId, kind, isWanted ? 1 : 0]);
  await dialect.upsertMany(tx, "mail_preference", ["user_id", "kind", "is_wanted"], rows, ["user_id", "kind"]);
}
