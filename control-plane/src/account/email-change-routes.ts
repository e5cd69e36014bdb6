import { EmailChangeRequest } from "@mycloud/protocol/account";
import { LinkLookRequest, MailPromise } from "@mycloud/protocol/registration";
import type { AccountMails } from "../account-mail/index.ts";
import type { AuditLog } from "../audit/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { ConflictError } from "../error/index.ts";
import { forEveryone, forViewers, Reply, type Route, route } from "../http/route.ts";
import { claimLink, insertLink, linkPath, type RequestThrottle, revokeLinks } from "../one-time-link/index.ts";
import type { PasswordHasher } from "../password/index.ts";
import type { LoginThrottle } from "../session/index.ts";
import { normalisedEmail } from "../user/store.ts";
import { confirmPassword, ownIdOf, ownResource } from "./own-user.ts";

export interface EmailChangeRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly passwords: PasswordHasher;
  readonly throttle: LoginThrottle;
  readonly requests: RequestThrottle;
  readonly audit: AuditLog;
  readonly mails: AccountMails;
  readonly now: () => number;
}

const lifetimeMs = 24 * 3_600_000;

/** Another e-mail address: it counts once a link sent there was used, and the old one is told. */
export function createEmailChangeRoutes(deps: EmailChangeRoutesDependencies): Route[] {
  const { database, requests, audit, mails, now } = deps;
  const { dialect } = database;

  return [
    route({
      method: "post",
      path: "/api/v1/account/email-change",
      summary: "Ask for another e-mail address: a link is mailed there",
      access: forViewers,
      body: EmailChangeRequest,
      answer: MailPromise,
      handle: async ({ actor, body }) => {
        const userId = ownIdOf(actor);
        await confirmPassword(deps, actor, body.currentPassword);
        const email = normalisedEmail(body.email);
        if (await requests.countRequest(email, actor.address)) {
          await database.transaction(async (tx) => {
            // Whether the address is somebody else's shows only when its link is used.
            await revokeLinks(tx, "email-change", { userId }, now());
            const grant = { kind: "email-change", email, userId, customer: null, role: null, title: null } as const;
            const { secret } = await insertLink(tx, { ...grant, createdByName: actor.name, nowMs: now(), lifetimeMs });
            await mails.toAddress(tx, email, {
              subject: "Confirm your new e-mail address",
              paragraphs: [
                `The account of ${actor.name} is to have this address. Confirm it, and from then on you sign in with it.`,
                "The link works once, for 24 hours. If you know nothing of this, there is nothing to do.",
              ],
              details: [],
              action: { text: "Confirm this address", path: linkPath("email-change", secret) },
              kind: null,
            });
            await audit.record(tx, { ...ownResource(actor), action: "user.ask-email-change", after: { email } });
          });
        }
        return new Reply(202, { message: "A mail with a link is on its way to the new address." });
      },
    }),
    route({
      method: "post",
      path: "/api/v1/account/email-change/confirm",
      summary: "Confirm another e-mail address with the link of the mail",
      access: forEveryone,
      body: LinkLookRequest,
      handle: async ({ actor, body }) => {
        await database.transaction(async (tx) => {
          const nowMs = now();
          const { userId, email } = await claimLink(tx, dialect, body.secret, "email-change", nowMs);
          if (userId === null) throw new Error("a link for an address names no user");
          const before = await tx.selectFrom("user").select("email").where("id", "=", userId).executeTakeFirstOrThrow();
          try {
            await tx.updateTable("user").set({ email, updated_at_ms: nowMs }).where("id", "=", userId).execute();
          } catch (error) {
            if (!dialect.isUniqueViolation(error)) throw error;
            throw new ConflictError("this address has an account of its own");
          }
          const resource = { resourceKind: "user", resourceId: userId, resourceName: email };
          const change = { before, after: { email } };
          await audit.record(tx, { actor, action: "user.change-email", ...resource, ...change });
          await mails.toAddress(tx, before.email, {
            subject: "Your account has another e-mail address",
            paragraphs: [
              `Your account now has the address ${email}; this one does not sign in any more.`,
              "If it was not you, tell those who run this installation at once.",
            ],
            details: [["When", { atMs: nowMs }]],
            action: null,
            kind: null,
          });
        });
      },
    }),
  ];
}
