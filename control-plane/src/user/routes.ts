import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import { User, UserCreate, UserFilter, UserUpdate } from "@mycloud/protocol/user";
import type { AuditLog } from "../audit/index.ts";
import { refuseLosingLastOwner } from "../customer/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { NotFoundError } from "../error/index.ts";
import { IdParams } from "../http/id-params.ts";
import { forAdmins, type Route, route } from "../http/route.ts";
import type { PasswordHasher } from "../password/index.ts";
import type { Scope } from "../scope/index.ts";
import { deleteSessionsOfUser } from "../session/index.ts";
import { countOtherAdministrators, deleteUser, findUser, insertUser, listUsers, updateUser } from "./store.ts";
import { refuseLosingLastAdministrator, refuseOtherCustomer } from "./user-rules.ts";

export interface UserRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly passwords: PasswordHasher;
  readonly audit: AuditLog;
  readonly now: () => number;
}

async function existingUser(executor: Executor, scope: Scope, id: number): Promise<User> {
  const user = await findUser(executor, scope, id);
  if (user === null) throw new NotFoundError(`there is no user ${id}`);
  return user;
}

/** Users, managed by administrators; a customer's administrator manages that customer's. */
export function createUserRoutes({ database, passwords, audit, now }: UserRoutesDependencies): Route[] {
  const { db, dialect } = database;
  const resourceKind = "user";

  return [
    route({
      method: "get",
      path: "/api/v1/users",
      summary: "List users",
      access: forAdmins,
      query: ListQuery,
      filter: UserFilter,
      answer: listAnswer(User),
      handle: ({ scope, query }) => listUsers(db, scope, query),
    }),
    route({
      method: "get",
      path: "/api/v1/users/:id",
      summary: "Show a user",
      access: forAdmins,
      params: IdParams,
      answer: User,
      handle: ({ scope, params }) => existingUser(db, scope, params.id),
    }),
    route({
      method: "post",
      path: "/api/v1/users",
      summary: "Create a user",
      access: forAdmins,
      body: UserCreate,
      answer: User,
      handle: async ({ actor, scope, body: { password, ...input } }) => {
        refuseOtherCustomer(scope, input.customer);
        const passwordHash = await passwords.hash(password);
        return await database.transaction(async (tx) => {
          const id = await insertUser(tx, dialect, { ...input, passwordHash, nowMs: now() });
          const after = await existingUser(tx, scope, id);
          await audit.record(tx, {
            actor,
            action: "user.create",
            resourceKind,
            resourceId: id,
            resourceName: after.email,
            after,
          });
          return after;
        });
      },
    }),
    route({
      method: "put",
      path: "/api/v1/users/:id",
      summary: "Change a user; fields left out stay. A new password ends the user's sessions",
      access: forAdmins,
      params: IdParams,
      body: UserUpdate,
      answer: User,
      handle: async ({ actor, scope, params: { id }, body: { password, ...changes } }) => {
        const passwordHash = password === undefined ? undefined : await passwords.hash(password);
        return await database.transaction(async (tx) => {
          const others = await countOtherAdministrators(tx, dialect, id);
          const before = await existingUser(tx, scope, id);
          const wanted = {
            email: changes.email ?? before.email,
            name: changes.name ?? before.name,
            role: changes.role ?? before.role,
            customer: changes.customer === undefined ? before.customer : changes.customer,
            isDisabled: changes.isDisabled ?? before.isDisabled,
          };
          refuseOtherCustomer(scope, wanted.customer);
          refuseLosingLastAdministrator(before, wanted, others);
          await refuseLosingLastOwner(tx, dialect, id, before, wanted);
          await updateUser(tx, dialect, id, { ...wanted, passwordHash, nowMs: now() });
          if (passwordHash !== undefined || wanted.isDisabled) await deleteSessionsOfUser(tx, id, null);
          const after = await existingUser(tx, scope, id);
          const record = { actor, resourceKind, resourceId: id, resourceName: after.email };
          await audit.record(tx, { ...record, action: "user.update", before, after });
          if (passwordHash !== undefined) await audit.record(tx, { ...record, action: "user.set-password" });
          return after;
        });
      },
    }),
    route({
      method: "delete",
      path: "/api/v1/users/:id",
      summary: "Delete a user, with sessions and tokens",
      access: forAdmins,
      params: IdParams,
      answer: User,
      handle: async ({ actor, scope, params: { id } }) =>
        await database.transaction(async (tx) => {
          const others = await countOtherAdministrators(tx, dialect, id);
          const before = await existingUser(tx, scope, id);
          refuseLosingLastAdministrator(before, null, others);
          await refuseLosingLastOwner(tx, dialect, id, before, null);
          await deleteUser(tx, id);
          await audit.record(tx, {
            actor,
            action: "user.delete",
            resourceKind,
            resourceId: id,
            resourceName: before.email,
            before,
          });
          return before;
        }),
    }),
  ];
}
