import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import {
  NotifiableState,
  type NotificationRule,
  NotificationRuleFilter,
  type NotificationRuleInput,
} from "@mycloud/protocol/notification";
import { ServiceSelector } from "@mycloud/protocol/selector";
import { type Selectable, sql } from "kysely";
import { z } from "zod";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { NotificationRuleTable } from "../database/schema.ts";
import { ConflictError, InputError } from "../error/index.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";
import { idList } from "../monitored/id-list.ts";
import type { Scope } from "../scope/index.ts";
import { nextDigestMs } from "./next-digest.ts";
import { readRuleSettings, ruleSettingsJson } from "./rule-settings.ts";

const States = z.array(NotifiableState);
type Row = Selectable<NotificationRuleTable>;

/** Rules are the operator's own: they cover hosts of every customer, so somebody bound to one sees none. */
function rulesIn(executor: Executor, scope: Scope) {
  const rules = executor.selectFrom("notification_rule");
  return scope.kind === "all" ? rules : rules.where(sql<boolean>`1 = 0`);
}

export async function listRules(
  executor: Executor,
  dialect: Dialect,
  scope: Scope,
  query: ListQuery,
): Promise<ListAnswer<NotificationRule>> {
  const page = await readList({
    query,
    filterSchema: NotificationRuleFilter,
    from: rulesIn(executor, scope),
    select: (rows) => rows.selectAll(),
    sortable: { id: "id", name: "name", isEnabled: "is_enabled", createdAtMs: "created_at_ms" },
    defaultSort: "name",
    idColumn: "id",
    filters: {
      id: (eb, id) => isOneOf(eb, "id", id),
      q: (eb, words) => hasWords(eb, ["name"], words),
      name: (eb, name) => eb("name", "=", name),
      isEnabled: (eb, isEnabled) => eb("is_enabled", "=", isEnabled ? 1 : 0),
    },
    toItem: (row: Row) => row,
  });
  return { data: await withContacts(executor, dialect, page.data), total: page.total };
}

/** All rules by name. */
export async function findAllRules(executor: Executor, dialect: Dialect, scope: Scope): Promise<NotificationRule[]> {
  return await withContacts(executor, dialect, await rulesIn(executor, scope).selectAll().orderBy("name").execute());
}

export async function findRule(
  executor: Executor,
  dialect: Dialect,
  scope: Scope,
  id: number,
): Promise<NotificationRule | null> {
  const rows = await rulesIn(executor, scope).selectAll().where("id", "=", id).execute();
  return (await withContacts(executor, dialect, rows))[0] ?? null;
}

async function withContacts(executor: Executor, dialect: Dialect, rows: readonly Row[]): Promise<NotificationRule[]> {
  const ids = rows.map((row) => row.id);
  const members = await executor
    .selectFrom("notification_rule_contact")
    .innerJoin("contact", "contact.id", "notification_rule_contact.contact_id")
    .select(["notification_rule_id", "contact.id", "contact.name"])
    .where(sql<boolean>`notification_rule_id in ${idList(dialect, ids)}`)
    .orderBy("contact.name")
    .execute();
  const byRule = Map.groupBy(members, (member) => member.notification_rule_id);
  return rows.map((row) => {
    const contacts = byRule.get(row.id) ?? [];
    return {
      ...readRuleSettings(row.settings_json),
      id: row.id,
      name: row.name,
      selector: ServiceSelector.parse(JSON.parse(row.selector_json)),
      states: States.parse(JSON.parse(row.states_json)),
      contactIds: contacts.map((contact) => contact.id),
      contactNames: contacts.map((contact) => contact.name),
      isEnabled: row.is_enabled === 1,
      createdAtMs: row.created_at_ms,
      updatedAtMs: row.updated_at_ms,
    };
  });
}

/** Answers the new rule's id. Throws ConflictError when the name is taken, InputError when a contact does not exist. */
export async function insertRule(
  tx: Executor,
  dialect: Dialect,
  input: NotificationRuleInput,
  nowMs: number,
): Promise<number> {
  refuseUnreadableDigest(input);
  const inserted = await namingTakenName(dialect, input.name, () =>
    tx
      .insertInto("notification_rule")
      .values({ ...columnsOf(input, nowMs), created_at_ms: nowMs })
      .returning("id")
      .executeTakeFirstOrThrow(),
  );
  await saveMembers(tx, dialect, inserted.id, input.contactIds);
  return inserted.id;
}

/** Throws as `insertRule`. */
export async function updateRule(
  tx: Executor,
  dialect: Dialect,
  id: number,
  input: NotificationRuleInput,
  nowMs: number,
): Promise<void> {
  refuseUnreadableDigest(input);
  await namingTakenName(dialect, input.name, () =>
    tx.updateTable("notification_rule").set(columnsOf(input, nowMs)).where("id", "=", id).execute(),
  );
  await tx.deleteFrom("notification_rule_contact").where("notification_rule_id", "=", id).execute();
  await saveMembers(tx, dialect, id, input.contactIds);
}

export async function deleteRule(tx: Executor, id: number): Promise<void> {
  await tx.deleteFrom("notification_rule").where("id", "=", id).execute();
}

function columnsOf(input: NotificationRuleInput, nowMs: number) {
  const { name, selector, states, isEnabled } = input;
  return {
    name,
    selector_json: JSON.stringify(selector),
    states_json: JSON.stringify(states),
    is_enabled: isEnabled ? 1 : 0,
    settings_json: ruleSettingsJson(input),
    updated_at_ms: nowMs,
  };
}

async function saveMembers(tx: Executor, dialect: Dialect, ruleId: number, contactIds: readonly number[]) {
  const ids = [...new Set(contactIds)];
  try {
    await dialect.insertMany(
      tx,
      "notification_rule_contact",
      ["notification_rule_id", "contact_id"],
      ids.map((id) => [ruleId, id]),
    );
  } catch (error) {
    if (!dialect.isForeignKeyViolation(error)) throw error;
    throw new InputError("a contact of the rule does not exist", [
      { field: "contactIds", value: ids.join(", "), message: "names a contact that does not exist" },
    ]);
  }
}

async function namingTakenName<T>(dialect: Dialect, name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!dialect.isUniqueViolation(error)) throw error;
    throw new ConflictError(`there is a notification rule "${name}" already`, [
      { field: "name", value: name, message: "is taken" },
    ]);
  }
}

function refuseUnreadableDigest({ digest }: NotificationRuleInput): void {
  if (digest === null || nextDigestMs(digest, 0) !== null) return;
  const issue = {
    field: "digest.cron",
    value: digest.cron,
    message: "is no schedule that ever fires; write minute, hour, day, month, weekday",
  };
  throw new InputError(`digest.cron is "${digest.cron}"; it ${issue.message}`, [issue]);
}
