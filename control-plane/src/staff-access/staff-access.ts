import type { AuditLog } from "../audit/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { Actor } from "../http/actor.ts";

/** What was looked at, and whose it is. */
export interface LookedAt {
  /** Null: nobody's but the operator's own, of which nothing is noted. */
  readonly customer: string | null;
  /** `snapshot.browse`, `snapshot.download`, ... */
  readonly action: string;
  readonly resourceKind: string;
  readonly resourceId: number;
  readonly resourceName: string;
  /** What exactly; no content. */
  readonly detail: unknown;
  /** The same again within this time is not noted again. */
  readonly onceInMs: number;
  /** What counts as the same, beside who, what was done and to what. */
  readonly sameBy?: string;
}

export interface StaffAccess {
  /** Notes in the audit what somebody is about to be shown; of a customer's own people nothing. Resolves once it is written. */
  note(actor: Actor, what: LookedAt): Promise<void>;
}

export interface StaffAccessDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly now: () => number;
}

const maximumKept = 10_000;

/** Makes one. What was noted is kept in memory: a restart, and another control plane, note once more rather than once too few. */
export function createStaffAccess({ database, audit, now }: StaffAccessDependencies): StaffAccess {
  const notedAtMs = new Map<string, number>();
  return {
    async note(actor, what) {
      const { customer, action, resourceKind, resourceId, resourceName, detail, onceInMs, sameBy = "" } = what;
      if (customer === null || actor.customer !== null) return;
      const key = JSON.stringify([actor.kind, actor.id, action, resourceKind, resourceId, sameBy]);
      const nowMs = now();
      const before = notedAtMs.get(key);
      if (before !== undefined && nowMs >= before && nowMs - before < onceInMs) return;
      await audit.record(database.db, {
        actor,
        action,
        resourceKind,
        resourceId,
        resourceName: resourceName.slice(0, 255),
        after: detail,
      });
      if (notedAtMs.size >= maximumKept) notedAtMs.clear();
      notedAtMs.set(key, nowMs);
    },
  };
}
