import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import { Role, type User, UserFilter, type UserInput } from "@mycloud/protocol/user";
import type { Selectable } from "kysely";
import { ensureCustomer } from "../customer/ensure-customer.ts";
import type { ConnectedDatabase, Dialect, Executor } from "../database/dialect/dialect.ts";
import type { UserTable } from "../database/schema.ts";
import { ConflictError } from "../error/index.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";
import type { Scope } from "../scope/index.ts";

function usersIn(executor: Executor, scope: Scope) {
  const users = executor.selectFrom("user");
  return scope.kind === "all" ? users : users.where("customer", "=", scope.customer);
}

export async function listUsers(executor: Executor, scope: Scope, query: ListQuery): Promise<ListAnswer<User>> {
  return await readList({
    query,
    filterSchema: UserFilter,
    from: usersIn(executor, scope),
    select: (rows) => rows.selectAll(),
    sortable: {
      id: "id",
      email: "email",
      name: "name",
      role: "role",
      customer: "customer",
      lastLoginAtMs: "last_login_at_ms",
      createdAtMs: "created_at_ms",
    },
    defaultSort: "email",
    idColumn: "id",
    filters: {
      id: (eb, id) => isOneOf(eb, "id", id),
      q: (eb, words) => hasWords(eb, ["email", "name", "customer"], words),
      email: (eb, email) => eb("email", "=", email.toLowerCase()),
      role: (eb, role) => eb("role", "=", role),
      isDisabled: (eb, isDisabled) => eb("is_disabled", "=", isDisabled ? 1 : 0),
    },
    toItem: toUser,
  });
}

export async function findUser(executor: Executor, scope: Scope, id: number): Promise<User | null> {
  const row = await usersIn(executor, scope).selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? null : toUser(row);
}

/** How many others can manage the installation; locks them, so that two removals at once do not each count the other. */
export async function countOtherAdministrators(executor: Executor, dialect: Dialect, id: number): Promise<number> {
  const rows = await executor
    .selectFrom("user")
    .select("id")
    .where("role", "=", "admin")
    .where("is_disabled", "=", 0)
    .where("customer", "is", null)
    .orderBy("id")
    .modifyEnd(dialect.forUpdate)
    .execute();
  return rows.filter((row) => row.id !== id).length;
}

interface WrittenUser extends UserInput {
  readonly passwordHash?: string | undefined;
  readonly nowMs: number;
}

function columnsOf({ email, name, role, customer, isDisabled, passwordHash, nowMs }: WrittenUser) {
  return {
    email: normalisedEmail(email),
    name,
    role,
    customer,
    is_disabled: isDisabled ? 1 : 0,
    updated_at_ms: nowMs,
    ...(passwordHash === undefined ? {} : { password_hash: passwordHash }),
  };
}

export const normalisedEmail = (email: string): string => email.trim().toLowerCase();

/** Answers the new user's id. Throws ConflictError when the e-mail address is taken. */
export async function insertUser(
  executor: Executor,
  dialect: Dialect,
  user: WrittenUser & { readonly passwordHash: string },
): Promise<number> {
  await ensureCustomer(executor, dialect, user.customer, user.nowMs);
  const values = { ...columnsOf(user), password_hash: user.passwordHash, created_at_ms: user.nowMs };
  const inserted = await namingTakenEmail(dialect, user.email, () =>
    executor.insertInto("user").values(values).executeTakeFirstOrThrow(),
  );
  return Number(inserted.insertId);
}

/** Throws ConflictError when the e-mail address is taken. */
export async function updateUser(executor: Executor, dialect: Dialect, id: number, user: WrittenUser): Promise<void> {
  await ensureCustomer(executor, dialect, user.customer, user.nowMs);
  await namingTakenEmail(dialect, user.email, () =>
    executor.updateTable("user").set(columnsOf(user)).where("id", "=", id).execute(),
  );
}

export async function deleteUser(executor: Executor, id: number): Promise<void> {
  await executor.deleteFrom("user").where("id", "=", id).execute();
}

/** Whether anybody has ever been made. */
export async function hasUsers({ db }: ConnectedDatabase): Promise<boolean> {
  return (await db.selectFrom("user").select("id").limit(1).executeTakeFirst()) !== undefined;
}

async function namingTakenEmail<T>(dialect: Dialect, email: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!dialect.isUniqueViolation(error)) throw error;
    throw new ConflictError(`there is a user ${normalisedEmail(email)} already`, [
      { field: "email", value: email, message: "is taken" },
    ]);
  }
}

function toUser(row: Selectable<UserTable>): User {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: Role.parse(row.role),
    customer: row.customer,
    isDisabled: row.is_disabled === 1,
    lastLoginAtMs: row.last_login_at_ms,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}
