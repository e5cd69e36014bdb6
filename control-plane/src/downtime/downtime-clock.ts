import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { systemActor } from "../http/actor.ts";
import { type DueDowntime, findEnding, findStarting, noteInstant } from "./store.ts";

export interface DowntimeClockDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly now: () => number;
}

/**
 * Notes the downtimes that began or ended, each exactly once: the row's own update decides who is first, so restarts and several control
 * planes at once change nothing. Run it every second or so; it answers how many ended.
 */
export async function noteDowntimes({ database, audit, changes, now }: DowntimeClockDependencies): Promise<number> {
  async function note(column: "started_at_ms" | "ended_at_ms", action: string, due: readonly DueDowntime[]) {
    let count = 0;
    for (const downtime of due) {
      const isFirst = await database.transaction(async (tx) => {
        if (!(await noteInstant(tx, column, downtime.id, now()))) return false;
        await audit.record(tx, {
          actor: systemActor,
          action,
          resourceKind: "downtime",
          resourceId: downtime.id,
          resourceName: downtime.comment,
        });
        return true;
      });
      if (isFirst) count++;
    }
    return count;
  }

  const started = await note("started_at_ms", "downtime.start", await findStarting(database.db, now()));
  const ended = await note("ended_at_ms", "downtime.end", await findEnding(database.db, now()));
  if (started + ended > 0) {
    for (const type of ["services", "hosts", "overview"] as const) changes.publish(type, null);
  }
  return ended;
}
