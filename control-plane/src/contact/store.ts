import { type Contact, ContactFilter, type ContactInput } from "@mycloud/protocol/contact";
import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import type { Selectable } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { ContactTable } from "../database/schema.ts";
import { ConflictError, InputError } from "../error/index.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";
import type { Scope } from "../scope/index.ts";

function contactsIn(executor: Executor, scope: Scope) {
  const contacts = executor.selectFrom("contact");
  return scope.kind === "all" ? contacts : contacts.where("customer", "=", scope.customer);
}

export async function listContacts(executor: Executor, scope: Scope, query: ListQuery): Promise<ListAnswer<Contact>> {
  return await readList({
    query,
    filterSchema: ContactFilter,
    from: contactsIn(executor, scope),
    select: (rows) => rows.selectAll(),
    sortable: {
      id: "id",
      name: "name",
      email: "email",
      customer: "customer",
      isEnabled: "is_enabled",
      createdAtMs: "created_at_ms",
    },
    defaultSort: "name",
    idColumn: "id",
    filters: {
      id: (eb, id) => isOneOf(eb, "id", id),
      q: (eb, words) => hasWords(eb, ["name", "email", "customer"], words),
      name: (eb, name) => eb("name", "=", name),
      email: (eb, email) => eb("email", "=", email),
      isEnabled: (eb, isEnabled) => eb("is_enabled", "=", isEnabled ? 1 : 0),
    },
    toItem: toContact,
  });
}

export async function findContact(executor: Executor, scope: Scope, id: number): Promise<Contact | null> {
  const row = await contactsIn(executor, scope).selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? null : toContact(row);
}

/** All contacts by name. */
export async function findAllContacts(executor: Executor, scope: Scope): Promise<Contact[]> {
  return (await contactsIn(executor, scope).selectAll().orderBy("name").execute()).map(toContact);
}

/** Answers the new contact's id. Throws ConflictError when the name is taken, InputError when its user does not exist. */
export async function insertContact(
  tx: Executor,
  dialect: Dialect,
  input: ContactInput,
  nowMs: number,
): Promise<number> {
  const values = { ...columnsOf(input, nowMs), created_at_ms: nowMs };
  const inserted = await naming(dialect, input, () =>
    tx.insertInto("contact").values(values).returning("id").executeTakeFirstOrThrow(),
  );
  return inserted.id;
}

/** Throws as `insertContact`. */
export async function updateContact(
  tx: Executor,
  dialect: Dialect,
  id: number,
  input: ContactInput,
  nowMs: number,
): Promise<void> {
  await naming(dialect, input, () =>
    tx.updateTable("contact").set(columnsOf(input, nowMs)).where("id", "=", id).execute(),
  );
}

export async function deleteContact(tx: Executor, id: number): Promise<void> {
  await tx.deleteFrom("contact").where("id", "=", id).execute();
}

function columnsOf({ name, email, userId, customer, isEnabled }: ContactInput, nowMs: number) {
  return { name, email, user_id: userId, customer, is_enabled: isEnabled ? 1 : 0, updated_at_ms: nowMs };
}

async function naming<T>(dialect: Dialect, { name, userId }: ContactInput, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (dialect.isUniqueViolation(error)) {
      throw new ConflictError(`there is a contact "${name}" already`, [
        { field: "name", value: name, message: "is taken" },
      ]);
    }
    if (dialect.isForeignKeyViolation(error)) {
      throw new InputError(`there is no user ${userId}`, [
        { field: "userId", value: String(userId), message: "does not exist" },
      ]);
    }
    throw error;
  }
}

function toContact(row: Selectable<ContactTable>): Contact {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    userId: row.user_id,
    customer: row.customer,
    isEnabled: row.is_enabled === 1,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}
