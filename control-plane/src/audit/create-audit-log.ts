import type { AuditLog } from "./audit-log.ts";
import { redactedJson } from "./redact.ts";

/** The audit log in table audit_entry. */
export function createAuditLog(now: () => number): AuditLog {
  return {
    async record(executor, { actor, action, resourceKind, resourceId, resourceName, before, after }) {
      await executor
        .insertInto("audit_entry")
        .values({
          at_ms: now(),
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
        })
        .execute();
    },
  };
}
