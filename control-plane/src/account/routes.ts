import { Account, AccountUpdate, MailPreferences } from "@mycloud/protocol/account";
import { Role } from "@mycloud/protocol/user";
import { findPreferences, savePreferences } from "../account-mail/index.ts";
import type { AuditLog } from "../audit/index.ts";
import { findOrganisation } from "../customer/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { NotFoundError } from "../error/index.ts";
import { forViewers, type Route, route } from "../http/route.ts";
import { countRecoveryCodes } from "../totp/index.ts";
import { ownIdOf, ownResource } from "./own-user.ts";

export interface AccountRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly now: () => number;
}

async function describe(executor: Executor, id: number): Promise<Account> {
  const user = await executor.selectFrom("user").selectAll().where("id", "=", id).executeTakeFirst();
  if (user === undefined) throw new NotFoundError("this account is gone");
  const organisation = user.customer === null ? null : await findOrganisation(executor, user.customer);
  return {
    id,
    email: user.email,
    name: user.name,
    role: Role.parse(user.role),
    timeZone: user.time_zone,
    isTotpEnabled: user.totp_confirmed_at_ms !== null,
    isTotpRequired: organisation?.isTotpRequired ?? false,
    recoveryCodesLeft: await countRecoveryCodes(executor, id),
    organisation,
    mailPreferences: await findPreferences(executor, id),
  };
}

/** Profile and mails. */
export function createAccountRoutes({ database, audit, now }: AccountRoutesDependencies): Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/account",
      summary: "Show one's own account",
      access: forViewers,
      answer: Account,
      handle: ({ actor }) => describe(database.db, ownIdOf(actor)),
    }),
    route({
      method: "put",
      path: "/api/v1/account",
      summary: "Change one's name and time zone; fields left out stay",
      access: forViewers,
      body: AccountUpdate,
      answer: Account,
      handle: async ({ actor, body }) => {
        const id = ownIdOf(actor);
        return await database.transaction(async (tx) => {
          const before = await describe(tx, id);
          await tx
            .updateTable("user")
            .set({
              name: body.name ?? before.name,
              time_zone: body.timeZone === undefined ? before.timeZone : body.timeZone,
              updated_at_ms: now(),
            })
            .where("id", "=", id)
            .execute();
          const after = await describe(tx, id);
          const { name, timeZone } = before;
          await audit.record(tx, {
            ...ownResource(actor),
            action: "user.update",
            before: { name, timeZone },
            after: { name: after.name, timeZone: after.timeZone },
          });
          return after;
        });
      },
    }),
    route({
      method: "put",
      path: "/api/v1/account/mail-preferences",
      summary: "Choose which mails one wants; kinds left out stay",
      access: forViewers,
      body: MailPreferences,
      answer: Account,
      handle: async ({ actor, body }) => {
        const id = ownIdOf(actor);
        return await database.transaction(async (tx) => {
          await savePreferences(tx, database.dialect, id, body.preferences);
          await audit.record(tx, { ...ownResource(actor), action: "user.choose-mails", after: body.preferences });
          return await describe(tx, id);
        });
      },
    }),
  ];
}
