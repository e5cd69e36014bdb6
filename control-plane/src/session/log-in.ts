import type { LoginRequest } from "@mycloud/protocol/session";
import type { AuditLog } from "../audit/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { AuthenticationError } from "../error/index.ts";
import type { PasswordHasher } from "../password/index.ts";
import type { LoginThrottle } from "./login-throttle.ts";
import { deleteSession, insertSession, type OpenedSession } from "./store.ts";

export interface LogInDependencies {
  readonly database: ConnectedDatabase;
  readonly passwords: PasswordHasher;
  readonly throttle: LoginThrottle;
  readonly audit: AuditLog;
  readonly now: () => number;
}

interface Circumstances {
  readonly address: string | null;
  readonly userAgent: string | null;
  /** The session the browser came with: it ends, so that nobody who knew it shares the new one. */
  readonly formerSecret: string | null;
}

/**
 * Opens a session for an e-mail address and its password. Throws AuthenticationError, the same and after the same time for an unknown
 * address, a wrong password and a disabled user; TooManyRequestsError while account or address are blocked.
 */
export async function logIn(
  { database, passwords, throttle, audit, now }: LogInDependencies,
  request: LoginRequest,
  { address, userAgent, formerSecret }: Circumstances,
): Promise<OpenedSession> {
  const email = request.email.trim().toLowerCase();
  await throttle.countTry(email, address);
  const user = await database.db.selectFrom("user").selectAll().where("email", "=", email).executeTakeFirst();
  const isRight = await passwords.verify(request.password, user?.password_hash ?? null);
  if (user === undefined || !isRight || user.is_disabled === 1) {
    throw new AuthenticationError("e-mail address or password is wrong");
  }
  await throttle.forgive(email, address);
  return await database.transaction(async (tx) => {
    const nowMs = now();
    if (formerSecret !== null) await deleteSession(tx, formerSecret);
    await tx.updateTable("user").set({ last_login_at_ms: nowMs }).where("id", "=", user.id).execute();
    const session = await insertSession(tx, { userId: user.id, address, userAgent, nowMs });
    await audit.record(tx, {
      actor: {
        kind: "user",
        id: String(user.id),
        name: user.email,
        role: null,
        scopes: [],
        customer: user.customer,
        hostId: null,
        address,
      },
      action: "session.login",
      resourceKind: "session",
      resourceId: null,
      resourceName: user.email,
    });
    return session;
  });
}
