import { Role } from "@mycloud/protocol/user";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { hashSecret, newSecret } from "./secret.ts";

/** A session ends this long after it began, and this long after it was last used. */
export const absoluteLifetimeMs = 7 * 86_400_000;
export const idleLifetimeMs = 12 * 3_600_000;
/** Using a session writes at most this often. */
const touchIntervalMs = 60_000;

export interface OpenedSession {
  /** For the cookie; only its hash is stored. */
  readonly secret: string;
  readonly csrfToken: string;
  readonly expiresAtMs: number;
}

export interface StoredSession {
  readonly user: {
    readonly id: number;
    readonly email: string;
    readonly name: string;
    readonly role: Role;
    readonly customer: string | null;
  };
  readonly csrfToken: string;
  readonly expiresAtMs: number;
}

interface NewSession {
  readonly userId: number;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly nowMs: number;
}

export async function insertSession(executor: Executor, session: NewSession): Promise<OpenedSession> {
  const opened = { secret: newSecret(), csrfToken: newSecret(), expiresAtMs: session.nowMs + absoluteLifetimeMs };
  await executor
    .insertInto("session")
    .values({
      id: hashSecret(opened.secret),
      user_id: session.userId,
      csrf_token: opened.csrfToken,
      created_at_ms: session.nowMs,
      expires_at_ms: opened.expiresAtMs,
      last_used_at_ms: session.nowMs,
      address: session.address?.slice(0, 64) ?? null,
      user_agent: session.userAgent?.slice(0, 255) ?? null,
    })
    .execute();
  return opened;
}

/** The session that a cookie's value opens, when it is neither over nor its user disabled or their organisation suspended; notes that it was used. */
export async function findSession(
  { db }: ConnectedDatabase,
  secret: string,
  nowMs: number,
): Promise<StoredSession | null> {
  const id = hashSecret(secret);
  const row = await db
    .selectFrom("session")
    .innerJoin("user", "user.id", "session.user_id")
    .leftJoin("customer", "customer.name", "user.customer")
    .select(["session.csrf_token", "session.expires_at_ms", "session.last_used_at_ms"])
    .select(["user.id", "user.email", "user.name", "user.role", "user.customer"])
    .where("session.id", "=", id)
    .where("session.expires_at_ms", ">", nowMs)
    .where("session.last_used_at_ms", ">", nowMs - idleLifetimeMs)
    .where("user.is_disabled", "=", 0)
    .where("customer.suspended_at_ms", "is", null)
    .executeTakeFirst();
  if (row === undefined) return null;
  if (nowMs - row.last_used_at_ms > touchIntervalMs) {
    await db.updateTable("session").set({ last_used_at_ms: nowMs }).where("id", "=", id).execute();
  }
  const { id: userId, email, name, customer } = row;
  return {
    user: { id: userId, email, name, customer, role: Role.parse(row.role) },
    csrfToken: row.csrf_token,
    expiresAtMs: row.expires_at_ms,
  };
}

export async function deleteSession(executor: Executor, secret: string): Promise<void> {
  await executor.deleteFrom("session").where("id", "=", hashSecret(secret)).execute();
}

/** Ends a user's sessions, but for the one whose cookie is given. */
export async function deleteSessionsOfUser(
  executor: Executor,
  userId: number,
  exceptSecret: string | null,
): Promise<void> {
  let query = executor.deleteFrom("session").where("user_id", "=", userId);
  if (exceptSecret !== null) query = query.where("id", "!=", hashSecret(exceptSecret));
  await query.execute();
}

export async function deleteExpiredSessions(executor: Executor, nowMs: number): Promise<void> {
  await executor
    .deleteFrom("session")
    .where((eb) => eb.or([eb("expires_at_ms", "<=", nowMs), eb("last_used_at_ms", "<=", nowMs - idleLifetimeMs)]))
    .execute();
}
