import {
  LoginAnswer,
  LoginRequest,
  PasswordChange,
  SecondStepAnswer,
  SecondStepRequest,
  Session,
} from "@mycloud/protocol/session";
import type { Request, Response } from "express";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { AuthenticationError, InputError, NotAllowedError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { forEveryone, forViewers, Reply, type Route, route } from "../http/route.ts";
import type { SessionCookie } from "../http/session-cookie.ts";
import { type LogInDependencies, logIn } from "./log-in.ts";
import { passwordChangedMail } from "./password-changed-mail.ts";
import { takeSecondStep } from "./second-step.ts";
import type { Circumstances } from "./sign-in.ts";
import { absoluteLifetimeMs, deleteSession, deleteSessionsOfUser, findSession } from "./store.ts";

export interface SessionRoutesDependencies extends LogInDependencies {
  readonly cookie: SessionCookie;
}

/** Signing in and out, and one's own password. */
export function createSessionRoutes(deps: SessionRoutesDependencies): Route[] {
  const { database, cookie, passwords, audit, mails, now } = deps;

  async function describe(secret: string): Promise<Session> {
    const session = await findSession(database, secret, now());
    if (session === null) throw new AuthenticationError("the session has ended; sign in again");
    return { user: session.user, csrfToken: session.csrfToken, expiresAtMs: session.expiresAtMs };
  }

  const circumstancesOf = (actor: Actor, request: Request): Circumstances => ({
    address: actor.address,
    userAgent: request.headers["user-agent"] ?? null,
    formerSecret: cookie.read(request),
  });

  async function welcome(secret: string, request: Request, response: Response): Promise<Session> {
    cookie.set(request, response, secret, absoluteLifetimeMs);
    return await describe(secret);
  }

  return [
    route({
      method: "post",
      path: "/api/v1/session",
      summary: "Sign in with e-mail address and password",
      access: forEveryone,
      body: LoginRequest,
      answer: LoginAnswer,
      maximumBodyBytes: 16 * 1024,
      handle: async ({ body, actor, request, response }) => {
        const signedIn = await logIn(deps, body, circumstancesOf(actor, request));
        if (signedIn.kind === "second-step") return new Reply(202, signedIn.step);
        return await welcome(signedIn.session.secret, request, response);
      },
    }),
    route({
      method: "post",
      path: "/api/v1/session/second-step",
      summary: "Complete a sign-in with a code of one's authenticator, or a recovery code",
      access: forEveryone,
      body: SecondStepRequest,
      answer: SecondStepAnswer,
      maximumBodyBytes: 16 * 1024,
      handle: async ({ body, actor, request, response }) => {
        const { session, recoveryCodes } = await takeSecondStep(deps, body, circumstancesOf(actor, request));
        const answer = await welcome(session.secret, request, response);
        return recoveryCodes === null ? answer : { ...answer, recoveryCodes };
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
        return actor.kind === "user" && secret !== null ? await describe(secret) : await describeToken(database, actor);
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
          await mails.toUser(tx, userId, passwordChangedMail(now(), actor.address));
        });
      },
    }),
  ];
}

function sessionRecord(actor: Actor, action: string) {
  return { actor, action, resourceKind: "session", resourceId: null, resourceName: actor.name };
}

/** A token by its own name, with the address of whose it is. */
async function describeToken({ db }: ConnectedDatabase, { id, name, role, customer }: Actor): Promise<Session> {
  if (role === null) throw new NotAllowedError("this token has no role");
  const owner = await db
    .selectFrom("api_token")
    .innerJoin("user", "user.id", "api_token.user_id")
    .select("user.email")
    .where("api_token.id", "=", Number(id))
    .executeTakeFirst();
  return { user: { id: null, name, email: owner?.email ?? null, role, customer }, csrfToken: null, expiresAtMs: null };
}
