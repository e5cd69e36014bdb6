import { MailPromise, PasswordResetCompletion, PasswordResetRequest } from "@mycloud/protocol/registration";
import { forEveryone, Reply, type Route, route } from "../http/route.ts";
import { claimLink, findLink, insertLink, linkPath, revokeLinks } from "../one-time-link/index.ts";
import { deleteSessionsOfUser, passwordChangedMail } from "../session/index.ts";
import { normalisedEmail } from "../user/store.ts";
import { inEqualTime, type LinkRoutesDependencies } from "./dependencies.ts";

const lifetimeMs = 3_600_000;
const promise =
  "If this address has an account, a mail with a link is on its way to it. The link works once, for one hour.";

/** Forgotten passwords. The second step stays what it was: a mailbox alone opens no account that has one. */
export function createPasswordResetRoutes(deps: LinkRoutesDependencies): Route[] {
  const { database, passwords, audit, mails, requests, now } = deps;

  async function send(email: string): Promise<void> {
    await database.transaction(async (tx) => {
      const user = await tx
        .selectFrom("user")
        .select("id")
        .where("email", "=", email)
        .where("is_disabled", "=", 0)
        .executeTakeFirst();
      if (user === undefined) return;
      await revokeLinks(tx, "password-reset", { userId: user.id }, now());
      const grant = {
        kind: "password-reset",
        email,
        userId: user.id,
        customer: null,
        role: null,
        title: null,
      } as const;
      const { secret } = await insertLink(tx, { ...grant, createdByName: email, nowMs: now(), lifetimeMs });
      await mails.toUser(tx, user.id, {
        subject: "Choose a new password",
        paragraphs: [
          "Somebody, probably you, asked for a new password for your account.",
          "The link works once, for one hour. If it was not you, there is nothing to do: the old password goes on working.",
        ],
        details: [],
        action: { text: "Choose a new password", path: linkPath("password-reset", secret) },
        kind: null,
      });
    });
  }

  return [
    route({
      method: "post",
      path: "/api/v1/password-resets",
      summary: "Ask for a new password: a link is mailed if the address has an account, the answer is always the same",
      access: forEveryone,
      body: PasswordResetRequest,
      answer: MailPromise,
      maximumBodyBytes: 16 * 1024,
      handle: async ({ actor, body }) => {
        const email = normalisedEmail(body.email);
        await inEqualTime(deps.sleep, async () => {
          if (await requests.countRequest(email, actor.address)) await send(email);
        });
        return new Reply(202, { message: promise });
      },
    }),
    route({
      method: "post",
      path: "/api/v1/password-resets/complete",
      summary: "Set a new password with the link of the mail; all sessions end",
      access: forEveryone,
      body: PasswordResetCompletion,
      maximumBodyBytes: 16 * 1024,
      handle: async ({ actor, body }) => {
        await findLink(database.db, body.secret, "password-reset", now());
        const passwordHash = await passwords.hash(body.password);
        await database.transaction(async (tx) => {
          const nowMs = now();
          const { userId, email } = await claimLink(tx, database.dialect, body.secret, "password-reset", nowMs);
          if (userId === null) throw new Error("a link for a password names no user");
          await tx
            .updateTable("user")
            .set({ password_hash: passwordHash, updated_at_ms: nowMs })
            .where("id", "=", userId)
            .execute();
          await deleteSessionsOfUser(tx, userId, null);
          await tx.deleteFrom("login_challenge").where("user_id", "=", userId).execute();
          // Whoever was locked out by somebody's guesses is let in with the new password.
          await tx.deleteFrom("login_throttle").where("id", "=", `account:${email}`).execute();
          const resource = { resourceKind: "user", resourceId: userId, resourceName: email };
          await audit.record(tx, { actor, action: "user.reset-password", ...resource });
          await mails.toUser(tx, userId, passwordChangedMail(nowMs, actor.address));
        });
      },
    }),
  ];
}
