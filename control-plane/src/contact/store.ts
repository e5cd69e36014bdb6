import { type Contact, ContactFilter, type ContactInput } from "@mycloud/protocol/contact";
import { ContactGroupInput } from "@mycloud/protocol/group";
import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import type { Selectable } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { ContactTable } from "../database/schema.ts";
import { ConflictError, InputError } from "../error/index.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";
import type { Scope } from "../scope/index.ts";
import { hideSecrets, type Sealer } from "../sealing/index.ts";
import { ContactSettings, readContactSettings, sealContactSettings } from "./contact-settings.ts";

function contactsIn(executor: Executor, scope: Scope) {
  const contacts = executor.selectFrom("contact");
  return scope.kind === "all" ? contacts : contacts.where("customer", "=", scope.customer);
}

/** One page of the contacts, without their secrets. */
export async function listContacts(executor: Executor, scope: Scope, query: ListQuery): Promise<ListAnswer<Contact>> {
  const groups = await findGroupNames(executor, scope);
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
    toItem: (row: Selectable<ContactTable>) => toContact(row, groups),
  });
}

/** Without its secrets. */
export async function findContact(executor: Executor, scope: Scope, id: number): Promise<Contact | null> {
  const row = await contactsIn(executor, scope).selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? null : toContact(row, await findGroupNames(executor, scope));
}

/** All contacts by name, without their secrets. */
export async function findAllContacts(executor: Executor, scope: Scope): Promise<Contact[]> {
  const groups = await findGroupNames(executor, scope);
  const rows = await contactsIn(executor, scope).selectAll().orderBy("name").execute();
  return rows.map((row) => toContact(row, groups));
}

/** Which contact groups name which contact. Groups are the operator's own: somebody bound to a customer sees none. */
async function findGroupNames(executor: Executor, scope: Scope): Promise<ReadonlyMap<string, string[]>> {
  const groups = new Map<string, string[]>();
  if (scope.kind !== "all") return groups;
  const rows = await executor
    .selectFrom("definition")
    .select(["name", "spec_json"])
    .where("kind", "=", "ContactGroup")
    .orderBy("name")
    .execute();
  for (const { name, spec_json } of rows) {
    for (const contact of GroupMembers.parse(JSON.parse(spec_json)).contacts) {
      groups.set(contact, [...(groups.get(contact) ?? []), name]);
    }
  }
  return groups;
}

const GroupMembers = ContactGroupInput.pick({ contacts: true });

/** Answers the new contact's id. Throws ConflictError when the name is taken, InputError when its user does not exist. */
export async function insertContact(
  tx: Executor,
  dialect: Dialect,
  sealer: Sealer,
  input: ContactInput,
  nowMs: number,
): Promise<number> {
  const settings = sealContactSettings(sealer, input, null);
  const values = { ...columnsOf(input, settings, nowMs), created_at_ms: nowMs };
  const inserted = await naming(dialect, input, () =>
    tx.insertInto("contact").values(values).returning("id").executeTakeFirstOrThrow(),
  );
  return inserted.id;
}

/** Throws as `insertContact`. */
export async function updateContact(
  tx: Executor,
  dialect: Dialect,
  sealer: Sealer,
  id: number,
  input: ContactInput,
  nowMs: number,
): Promise<void> {
  const before = await tx.selectFrom("contact").select("settings_json").where("id", "=", id).executeTakeFirst();
  const settings = sealContactSettings(sealer, input, before ? readContactSettings(before.settings_json) : null);
  await naming(dialect, input, () =>
    tx
      .updateTable("contact")
      .set(columnsOf(input, settings, nowMs))
      .where("id", "=", id)
      .execute(),
  );
}

/** With what operators changed on it. */
export async function deleteContact(tx: Executor, id: number): Promise<void> {
  await tx.deleteFrom("runtime_override").where("object_key", "=", `c${id}`).execute();
  await tx.deleteFrom("contact").where("id", "=", id).execute();
}

function columnsOf({ name, email, userId, customer, isEnabled }: ContactInput, settings: string, nowMs: number) {
  return {
    name,
    email: email ?? "",
    user_id: userId,
    customer,
    is_enabled: isEnabled ? 1 : 0,
    settings_json: settings,
    updated_at_ms: nowMs,
  };
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

function toContact(row: Selectable<ContactTable>, groups: ReadonlyMap<string, string[]>): Contact {
  return {
    ...ContactSettings.parse(hideSecrets(readContactSettings(row.settings_json))),
    id: row.id,
    name: row.name,
    email: row.email === "" ? null : row.email,
    userId: row.user_id,
    customer: row.customer,
    isEnabled: row.is_enabled === 1,
    groups: groups.get(row.name) ?? [],
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}
