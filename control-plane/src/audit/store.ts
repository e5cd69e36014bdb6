import { AuditEntry, AuditEntryFilter } from "@mycloud/protocol/audit";
import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import type { Selectable } from "kysely";
import type { Executor } from "../database/dialect/dialect.ts";
import type { AuditEntryTable } from "../database/schema.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";

/** One page of the audit. It is not any one customer's: routes let staff only come here. */
export async function listAuditEntries(executor: Executor, query: ListQuery): Promise<ListAnswer<AuditEntry>> {
  return await readList({
    query,
    filterSchema: AuditEntryFilter,
    from: executor.selectFrom("audit_entry"),
    select: (rows) => rows.selectAll(),
    sortable: {
      id: "id",
      atMs: "at_ms",
      actorName: "actor_name",
      action: "action",
      resourceKind: "resource_kind",
      resourceName: "resource_name",
    },
    defaultSort: "atMs",
    defaultOrder: "DESC",
    idColumn: "id",
    filters: {
      id: (eb, id) => isOneOf(eb, "id", id),
      q: (eb, words) => hasWords(eb, ["actor_name", "action", "resource_kind", "resource_name"], words),
      action: (eb, action) => eb("action", "=", action),
      actorName: (eb, name) => eb("actor_name", "=", name),
      resourceKind: (eb, kind) => eb("resource_kind", "=", kind),
      resourceId: (eb, id) => eb("resource_id", "=", id),
      fromMs: (eb, fromMs) => eb("at_ms", ">=", fromMs),
      untilMs: (eb, untilMs) => eb("at_ms", "<", untilMs),
    },
    toItem: toAuditEntry,
  });
}

export async function findAuditEntry(executor: Executor, id: number): Promise<AuditEntry | null> {
  const row = await executor.selectFrom("audit_entry").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? null : toAuditEntry(row);
}

function toAuditEntry(row: Selectable<AuditEntryTable>): AuditEntry {
  return {
    id: row.id,
    atMs: row.at_ms,
    actorKind: AuditEntry.shape.actorKind.catch("system").parse(row.actor_kind),
    actorId: row.actor_id,
    actorName: row.actor_name,
    action: row.action,
    resourceKind: row.resource_kind,
    resourceId: row.resource_id,
    resourceName: row.resource_name,
    before: row.before_json === null ? null : JSON.parse(row.before_json),
    after: row.after_json === null ? null : JSON.parse(row.after_json),
    address: row.address,
  };
}
