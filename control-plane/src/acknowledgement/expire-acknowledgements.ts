import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { systemActor } from "../http/actor.ts";
import { everything } from "../scope/index.ts";
import { type LockedObject, lockHosts, lockServices, removeAcknowledgement } from "./store.ts";

/** An acknowledgement whose time has come. */
export interface ExpiredAcknowledgement {
  readonly id: number;
  readonly authorName: string;
  readonly comment: string;
  /** Who gave it; null when no user did. */
  readonly userId: number | null;
}

/** Tells whoever acknowledged that it counts no more, in the transaction that ends it. */
export type AnnounceExpiry = (
  tx: Executor,
  object: LockedObject,
  acknowledgement: ExpiredAcknowledgement,
  nowMs: number,
) => Promise<void>;

export interface ExpiryDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly announce?: AnnounceExpiry;
  readonly now: () => number;
}

/**
 * Ends the acknowledgements whose time has come, each once: under the lock of its object's state. What is still a problem then is told by the next look at
 * what was held back (notification/reevaluate-problems.ts). Run it every second or so; answers how many ended.
 */
export async function expireAcknowledgements(dependencies: ExpiryDependencies): Promise<number> {
  const { database, audit, changes, announce, now } = dependencies;
  const { db, dialect } = database;
  const due = await db
    .selectFrom("acknowledgement")
    .select(["id", "host_id", "service_id", "author_name", "comment", "user_id"])
    .where("ended_at_ms", "is", null)
    .where("expires_at_ms", "<=", now())
    .orderBy("id")
    .limit(1000)
    .execute();
  let count = 0;
  for (const row of due) {
    const object = await database.transaction(async (tx) => {
      const nowMs = now();
      const [locked] =
        row.service_id === null
          ? await lockHosts(tx, dialect, everything, [row.host_id])
          : await lockServices(tx, dialect, everything, [row.service_id]);
      if (locked === undefined || locked.acknowledgementId !== row.id) return null;
      await removeAcknowledgement(tx, locked, nowMs, "expired");
      await audit.record(tx, {
        actor: systemActor,
        action: "acknowledgement.expire",
        resourceKind: "acknowledgement",
        resourceId: row.id,
        resourceName: locked.serviceName === null ? locked.hostName : `${locked.hostName}/${locked.serviceName}`,
      });
      const { id, comment, author_name: authorName, user_id: userId } = row;
      await announce?.(tx, locked, { id, authorName, comment, userId }, nowMs);
      return locked;
    });
    if (object === null) continue;
    count++;
    if (object.serviceId === null) changes.publish("hosts", [object.hostId]);
    else changes.publish("services", [object.serviceId]);
  }
  if (count > 0) changes.publish("overview", null);
  return count;
}
