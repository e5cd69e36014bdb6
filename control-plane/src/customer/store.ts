import { type Customer, CustomerFilter, type CustomerInput, type Organisation } from "@mycloud/protocol/customer";
import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import type { Selectable } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { CustomerTable } from "../database/schema.ts";
import { ConflictError } from "../error/index.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";

export async function listCustomers(executor: Executor, query: ListQuery): Promise<ListAnswer<Customer>> {
  const page = await readList({
    query,
    filterSchema: CustomerFilter,
    from: executor.selectFrom("customer"),
    select: (rows) => rows.selectAll(),
    sortable: { id: "id", name: "name", title: "title", createdAtMs: "created_at_ms", quotaBytes: "quota_bytes" },
    defaultSort: "title",
    idColumn: "id",
    filters: {
      id: (eb, id) => isOneOf(eb, "id", id),
      q: (eb, words) => hasWords(eb, ["name", "title", "contact_email"], words),
      name: (eb, name) => eb("name", "=", name),
      isSuspended: (eb, isSuspended) => eb("suspended_at_ms", isSuspended ? "is not" : "is", null),
    },
    toItem: (row) => row,
  });
  const [members, hosts] = await countsOf(
    executor,
    page.data.map((row) => row.name),
  );
  return { ...page, data: page.data.map((row) => toCustomer(row, members, hosts)) };
}

export async function findCustomer(executor: Executor, id: number): Promise<Customer | null> {
  const row = await executor.selectFrom("customer").selectAll().where("id", "=", id).executeTakeFirst();
  return await completed(executor, row);
}

export async function findCustomerByName(executor: Executor, name: string): Promise<Customer | null> {
  const row = await executor.selectFrom("customer").selectAll().where("name", "=", name).executeTakeFirst();
  return await completed(executor, row);
}

/** The organisation as its members see it. */
export async function findOrganisation(executor: Executor, name: string): Promise<Organisation | null> {
  const customer = await findCustomerByName(executor, name);
  if (customer === null) return null;
  const { title, contactEmail, isTotpRequired, quotaBytes, memberCount, hostCount, createdAtMs } = customer;
  return { name, title, contactEmail, isTotpRequired, quotaBytes, memberCount, hostCount, createdAtMs };
}

/** Answers the id. Throws ConflictError when the name is taken. */
export async function insertCustomer(
  executor: Executor,
  dialect: Dialect,
  input: CustomerInput,
  nowMs: number,
): Promise<number> {
  try {
    const inserted = await executor
      .insertInto("customer")
      .values({
        name: input.name,
        title: input.title,
        contact_email: input.contactEmail,
        quota_bytes: input.quotaBytes,
        is_totp_required: input.isTotpRequired ? 1 : 0,
        suspended_at_ms: input.isSuspended ? nowMs : null,
        created_at_ms: nowMs,
        updated_at_ms: nowMs,
      })
      .executeTakeFirstOrThrow();
    return Number(inserted.insertId);
  } catch (error) {
    if (!dialect.isUniqueViolation(error)) throw error;
    throw new ConflictError(`there is a customer ${input.name} already`, [
      { field: "name", value: input.name, message: "is taken" },
    ]);
  }
}

/** What may be changed of an organisation; what is left out stays. */
type Changes = { readonly [Key in keyof Omit<CustomerInput, "name">]?: CustomerInput[Key] | undefined };

export async function updateCustomer(
  executor: Executor,
  before: Customer,
  changes: Changes,
  nowMs: number,
): Promise<void> {
  const isSuspended = changes.isSuspended ?? before.isSuspended;
  await executor
    .updateTable("customer")
    .set({
      title: changes.title ?? before.title,
      contact_email: changes.contactEmail === undefined ? before.contactEmail : changes.contactEmail,
      quota_bytes: changes.quotaBytes === undefined ? before.quotaBytes : changes.quotaBytes,
      is_totp_required: (changes.isTotpRequired ?? before.isTotpRequired) ? 1 : 0,
      suspended_at_ms: isSuspended ? (before.suspendedAtMs ?? nowMs) : null,
      updated_at_ms: nowMs,
    })
    .where("id", "=", before.id)
    .execute();
}

export async function deleteCustomer(executor: Executor, id: number): Promise<void> {
  await executor.deleteFrom("customer").where("id", "=", id).execute();
}

/** Ends the sessions of members who have no second step yet: with their next sign-in they set it up. */
export async function endSessionsWithoutSecondStep(executor: Executor, name: string): Promise<void> {
  const members = executor
    .selectFrom("user")
    .select("id")
    .where("customer", "=", name)
    .where("totp_confirmed_at_ms", "is", null);
  await executor.deleteFrom("session").where("user_id", "in", members).execute();
}

type Counts = ReadonlyMap<string, number>;
type CustomerRow = Selectable<CustomerTable>;

async function completed(executor: Executor, row: CustomerRow | undefined): Promise<Customer | null> {
  if (row === undefined) return null;
  const [members, hosts] = await countsOf(executor, [row.name]);
  return toCustomer(row, members, hosts);
}

async function countsOf(executor: Executor, names: readonly string[]): Promise<[Counts, Counts]> {
  if (names.length === 0) return [new Map(), new Map()];
  return [await counted(executor, "user", names), await counted(executor, "host", names)];
}

async function counted(executor: Executor, table: "user" | "host", names: readonly string[]): Promise<Counts> {
  const rows = await executor
    .selectFrom(table)
    .select((eb) => ["customer", eb.fn.countAll().as("count")])
    .where("customer", "in", names)
    .groupBy("customer")
    .execute();
  return new Map(rows.map((row) => [row.customer ?? "", Number(row.count)]));
}

function toCustomer(row: CustomerRow, members: Counts, hosts: Counts): Customer {
  return {
    id: row.id,
    name: row.name,
    title: row.title,
    contactEmail: row.contact_email,
    isTotpRequired: row.is_totp_required === 1,
    quotaBytes: row.quota_bytes,
    isSuspended: row.suspended_at_ms !== null,
    suspendedAtMs: row.suspended_at_ms,
    memberCount: members.get(row.name) ?? 0,
    hostCount: hosts.get(row.name) ?? 0,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}
