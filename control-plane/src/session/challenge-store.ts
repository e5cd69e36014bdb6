import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { hashSecret, newSecret } from "./secret.ts";

const lifetimeMs = 10 * 60_000;
/** A challenge that met this many wrong codes is over: the password is asked for again. */
export const mostFailures = 5;

/** For somebody who gave the right password: 256 random bits, of which a hash is stored. It opens nothing by itself. */
export async function insertChallenge(
  tx: Executor,
  userId: number,
  nowMs: number,
): Promise<{ challenge: string; expiresAtMs: number }> {
  const challenge = newSecret();
  const expiresAtMs = nowMs + lifetimeMs;
  await tx
    .insertInto("login_challenge")
    .values({ id: hashSecret(challenge), user_id: userId, created_at_ms: nowMs, expires_at_ms: expiresAtMs })
    .execute();
  return { challenge, expiresAtMs };
}

/** Whose challenge it is; null when it is unknown or over, or its user disabled. */
export async function findChallenge(executor: Executor, challenge: string, nowMs: number) {
  const row = await executor
    .selectFrom("login_challenge")
    .innerJoin("user", "user.id", "login_challenge.user_id")
    .select(["user.id", "user.email", "user.customer"])
    .where("login_challenge.id", "=", hashSecret(challenge))
    .where("login_challenge.expires_at_ms", ">", nowMs)
    .where("login_challenge.failures", "<", mostFailures)
    .where("user.is_disabled", "=", 0)
    .executeTakeFirst();
  return row ?? null;
}

/** Counts a try before its code is looked at; false when the challenge is over. */
export async function countChallengeTry(tx: Executor, dialect: Dialect, challenge: string): Promise<boolean> {
  const row = await tx
    .selectFrom("login_challenge")
    .select("failures")
    .where("id", "=", hashSecret(challenge))
    .modifyEnd(dialect.forUpdate)
    .executeTakeFirst();
  if (row === undefined || row.failures >= mostFailures) return false;
  await tx
    .updateTable("login_challenge")
    .set({ failures: row.failures + 1 })
    .where("id", "=", hashSecret(challenge))
    .execute();
  return true;
}

export async function deleteChallengesOfUser(tx: Executor, userId: number): Promise<void> {
  await tx.deleteFrom("login_challenge").where("user_id", "=", userId).execute();
}

export async function deleteExpiredChallenges(executor: Executor, nowMs: number): Promise<void> {
  await executor.deleteFrom("login_challenge").where("expires_at_ms", "<=", nowMs).execute();
}
