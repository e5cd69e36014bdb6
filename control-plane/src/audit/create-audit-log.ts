import type { AuditLog, AuditRecord } from "./audit-log.ts";
import { redactedJson } from "./redact.ts";

/** The audit log in table audit_entry. */
export function createAuditLog(now: () => number): AuditLog {
  return {
    async record(executor, record) {
      await executor.insertInto("audit_entry").values(toRow(record, now())).execute();
    },
    async recordAll(executor, dialect, records) {
      const rows = records.map((record) => toRow(record, now()));
      const [first] = rows;
      if (first === undefined) return;
      const columns = Object.keys(first) as (keyof typeof first)[];
      await dialect.insertMany(
        executor,
        "audit_entry",
        columns,
        rows.map((row) => columns.map((column) => row[column])),
      );
    },
  };
}

function toRow({ actor, action, resourceKind, resourceId, resourceName, before, after }: AuditRecord, nowMs: number) {
  return {
    at_ms: nowMs,
    actor_kind: actor.kind === "anonymous" ? "system" : actor.kind,
    actor_id: actor.id,
    actor_name: actor.name.slice(0, 255),
    action,
    resource_kind: resourceKind,
    resource_id: resourceId === null ? null : String(resourceId).slice(0, 255),
    resource_name: resourceName?.slice(0, 255) ?? null,
    before_json: redactedJson(before),
    after_json: redactedJson(after),
    address: actor.address?.slice(0, 64) ?? null,
  };
}
