import { LoginRequest, PasswordChange, Session } from "@mycloud/protocol/session";
import { AuthenticationError, InputError, NotAllowedError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { forEveryone, forViewers, type Route, route } from "../http/route.ts";
import type { SessionCookie } from "../http/session-cookie.ts";
import { type LogInDependencies, logIn } from "./log-in.ts";
import { absoluteLifetimeMs, deleteSession, deleteSessionsOfUser, findSession } from "./store.ts";

export interface SessionRoutesDependencies extends LogInDependencies {
  readonly cookie: SessionCookie;
}

/** Signing in and out, and one's own password. */
export function createSessionRoutes(deps: SessionRoutesDependencies): Route[] {
  const { database, cookie, passwords, audit, now } = deps;

  async function describe(secret: string): Promise<Session> {
    const session = await findSession(database, secret, now());
    if (session === null) throw new AuthenticationError("the session has ended; sign in again");
    return { user: session.user, csrfToken: session.csrfToken, expiresAtMs: session.expiresAtMs };
  }

  return [
    route({
      method: "post",
      path: "/api/v1/session",
      summary: "Sign in with e-mail address and password",
      access: forEveryone,
      body: LoginRequest,
      answer: Session,
      maximumBodyBytes: 16 * 1024,
      handle: async ({ body, actor, request, response }) => {
        const { secret } = await logIn(deps, body, {
          address: actor.address,
          userAgent: request.headers["user-agent"] ?? null,
          formerSecret: cookie.read(request),
        });
        cookie.set(request, response, secret, absoluteLifetimeMs);
        return await describe(secret);
      },
    }),
    route({
      method: "get",
      path: "/api/v1/session",
      summary: "Show who is asking",
      access: forViewers,
      answer: Session,
      handle: async ({ actor, request }) => {
        const secret = cookie.read(request);
        return actor.kind === "user" && secret !== null ? await describe(secret) : describeToken(actor);
      },
    }),
    route({
      method: "delete",
      path: "/api/v1/session",
      summary: "Sign out",
      access: forViewers,
      handle: async ({ actor, request, response }) => {
        const secret = cookie.read(request);
        if (actor.kind !== "user" || secret === null) return;
        await database.transaction(async (tx) => {
          await deleteSession(tx, secret);
          await audit.record(tx, sessionRecord(actor, "session.logout"));
        });
        cookie.clear(request, response);
      },
    }),
    route({
      method: "put",
      path: "/api/v1/session/password",
      summary: "Change one's own password; other sessions end",
      access: forViewers,
      body: PasswordChange,
      handle: async ({ actor, body, request }) => {
        if (actor.kind !== "user" || actor.id === null) throw new NotAllowedError("a token has no password");
        const userId = Number(actor.id);
        await deps.throttle.countTry(actor.name, actor.address);
        const user = await database.db
          .selectFrom("user")
          .select("password_hash")
          .where("id", "=", userId)
          .executeTakeFirst();
        if (!(await passwords.verify(body.currentPassword, user?.password_hash ?? null))) {
          throw new InputError("the current password is wrong", [{ field: "currentPassword", message: "is wrong" }]);
        }
        await deps.throttle.forgive(actor.name, actor.address);
        const passwordHash = await passwords.hash(body.newPassword);
        await database.transaction(async (tx) => {
          await tx
            .updateTable("user")
            .set({ password_hash: passwordHash, updated_at_ms: now() })
            .where("id", "=", userId)
            .execute();
          await deleteSessionsOfUser(tx, userId, cookie.read(request));
          await audit.record(tx, sessionRecord(actor, "user.change-password"));
        });
      },
    }),
  ];
}

function sessionRecord(actor: Actor, action: string) {
  return { actor, action, resourceKind: "session", resourceId: null, resourceName: actor.name };
}

function describeToken({ name, role, customer }: Actor): Session {
  if (role === null) throw new NotAllowedError("this token has no role");
  return { user: { id: null, name, email: null, role, customer }, csrfToken: null, expiresAtMs: null };
}
