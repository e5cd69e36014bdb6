import { PasswordConfirmation, RecoveryCodes, TotpConfirmation, TotpSetup } from "@mycloud/protocol/account";
import { User } from "@mycloud/protocol/user";
import type { AccountMails, MailContent } from "../account-mail/index.ts";
import type { AuditLog } from "../audit/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { ConflictError, InputError, NotAllowedError, NotFoundError } from "../error/index.ts";
import { IdParams } from "../http/id-params.ts";
import { forAdmins, forViewers, type Route, route } from "../http/route.ts";
import type { SessionCookie } from "../http/session-cookie.ts";
import type { PasswordHasher } from "../password/index.ts";
import type { Sealer } from "../sealing/index.ts";
import { deleteSessionsOfUser, type LoginThrottle } from "../session/index.ts";
import { confirmTotp, createSetup, removeTotp, replaceRecoveryCodes, totpSettingsOf } from "../totp/index.ts";
import { findUser } from "../user/store.ts";
import { confirmPassword, ownIdOf, ownResource } from "./own-user.ts";

export interface TotpRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly passwords: PasswordHasher;
  readonly throttle: LoginThrottle;
  readonly sealer: Sealer;
  readonly audit: AuditLog;
  readonly mails: AccountMails;
  readonly cookie: SessionCookie;
  readonly now: () => number;
}

function totpMail(what: "set up" | "removed" | "reset by an administrator", atMs: number): MailContent {
  return {
    subject: `The second step of your account was ${what}`,
    paragraphs: [
      what === "set up"
        ? "From now on a code of your authenticator is asked for when you sign in. Keep the recovery codes where you find them without your phone."
        : "From now on your password alone signs you in, until you set a second step up again.",
      "If you know nothing of this, change your password and tell those who run this installation.",
    ],
    details: [["When", { atMs }]],
    action: { text: "Look at your account", path: "/#/account" },
    kind: null,
  };
}

/** The second step of one's own account, and an administrator's way to take it off somebody who lost theirs. */
export function createTotpRoutes(deps: TotpRoutesDependencies): Route[] {
  const { database, sealer, audit, mails, throttle, cookie, now } = deps;
  const { dialect } = database;

  return [
    route({
      method: "post",
      path: "/api/v1/account/totp",
      summary: "Begin to set the second step up: answers what an authenticator needs, this once",
      access: forViewers,
      body: PasswordConfirmation,
      answer: TotpSetup,
      handle: async ({ actor, body }) => {
        const id = ownIdOf(actor);
        await confirmPassword(deps, actor, body.currentPassword);
        return await database.transaction(async (tx) => {
          const { isEnabled } = await totpSettingsOf(tx, id);
          if (isEnabled) throw new ConflictError("the second step is set up already; remove it first");
          return await createSetup(tx, sealer, { id, email: actor.name });
        });
      },
    }),
    route({
      method: "post",
      path: "/api/v1/account/totp/confirm",
      summary: "Complete it with the first code; answers the recovery codes, this once; other sessions end",
      access: forViewers,
      body: TotpConfirmation,
      answer: RecoveryCodes,
      handle: async ({ actor, body, request }) => {
        const id = ownIdOf(actor);
        await throttle.countTry(`second step of ${actor.name}`, actor.address);
        const recoveryCodes = await database.transaction(async (tx) => {
          const codes = await confirmTotp(tx, dialect, sealer, id, body.code, now());
          if (codes === null) return null;
          await deleteSessionsOfUser(tx, id, cookie.read(request));
          await audit.record(tx, { ...ownResource(actor), action: "user.enable-second-step" });
          await mails.toUser(tx, id, totpMail("set up", now()));
          return codes;
        });
        if (recoveryCodes === null) {
          throw new InputError("this code is wrong; is the clock of your device right?", [
            { field: "code", message: "is wrong" },
          ]);
        }
        await throttle.forgive(`second step of ${actor.name}`, actor.address);
        return { recoveryCodes };
      },
    }),
    route({
      method: "post",
      path: "/api/v1/account/totp/recovery-codes",
      summary: "Make ten new recovery codes; the old ones do not count any more",
      access: forViewers,
      body: PasswordConfirmation,
      answer: RecoveryCodes,
      handle: async ({ actor, body }) => {
        const id = ownIdOf(actor);
        await confirmPassword(deps, actor, body.currentPassword);
        return await database.transaction(async (tx) => {
          if (!(await totpSettingsOf(tx, id)).isEnabled) throw new ConflictError("there is no second step");
          await audit.record(tx, { ...ownResource(actor), action: "user.replace-recovery-codes" });
          return { recoveryCodes: await replaceRecoveryCodes(tx, id) };
        });
      },
    }),
    route({
      method: "post",
      path: "/api/v1/account/totp/remove",
      summary: "Take the second step off one's own account",
      access: forViewers,
      body: PasswordConfirmation,
      handle: async ({ actor, body }) => {
        const id = ownIdOf(actor);
        await confirmPassword(deps, actor, body.currentPassword);
        await database.transaction(async (tx) => {
          if ((await totpSettingsOf(tx, id)).isRequired) {
            throw new ConflictError("your organisation wants a second step; ask one of its owners");
          }
          await removeTotp(tx, id);
          await audit.record(tx, { ...ownResource(actor), action: "user.disable-second-step" });
          await mails.toUser(tx, id, totpMail("removed", now()));
        });
      },
    }),
    route({
      method: "post",
      path: "/api/v1/users/:id/reset-second-step",
      summary: "Take the second step off somebody who lost their authenticator; their sessions end",
      access: forAdmins,
      params: IdParams,
      answer: User,
      handle: async ({ actor, scope, params }) => {
        if (actor.kind === "user" && Number(actor.id) === params.id) {
          throw new NotAllowedError("take your own second step off in your account, with your password");
        }
        return await database.transaction(async (tx) => {
          const user = await findUser(tx, scope, params.id);
          if (user === null) throw new NotFoundError(`there is no user ${params.id}`);
          await removeTotp(tx, user.id);
          await deleteSessionsOfUser(tx, user.id, null);
          const resource = { resourceKind: "user", resourceId: user.id, resourceName: user.email };
          await audit.record(tx, { actor, action: "user.reset-second-step", ...resource });
          await mails.toUser(tx, user.id, totpMail("reset by an administrator", now()));
          return user;
        });
      },
    }),
  ];
}
