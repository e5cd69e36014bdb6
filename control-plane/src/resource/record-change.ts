import type { AuditLog, AuditRecord } from "../audit/index.ts";
import type { Executor } from "../database/dialect/dialect.ts";
import type { Actor } from "../http/actor.ts";
import { titleOf } from "./definition.ts";
import type { PlannedChange } from "./plan-changes.ts";

/** Puts a change that was carried out into the audit, in its transaction; one that changes nothing is none. */
export async function recordChange(tx: Executor, audit: AuditLog, actor: Actor, change: PlannedChange): Promise<void> {
  if (change.action !== "unchanged") await audit.record(tx, auditRecordOf(actor, change));
}

/** What the audit says of a change. Pure. */
export function auditRecordOf(actor: Actor, { kind, action, name, before, after }: PlannedChange): AuditRecord {
  const resourceKind = titleOf(kind).replaceAll(" ", "-");
  const what = { resourceKind, resourceId: null, resourceName: name };
  return { actor, action: `${resourceKind}.${action}`, ...what, before, after };
}
