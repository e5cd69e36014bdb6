import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { systemActor } from "../http/actor.ts";
import {
  activate,
  type DueDowntime,
  endActivations,
  findBadCovered,
  findEnding,
  findOpenFlexible,
  findReminding,
  findStarting,
  noteInstant,
  triggerOthers,
} from "./clock-store.ts";

/** What people are told of a downtime: that it began, is over, was cancelled while it ran, or ends soon with something still bad. */
export type DowntimeEvent = "start" | "end" | "cancelled" | "reminder";

/** Queues the news of a downtime for whoever is told of it, in the transaction that notes it. */
export type AnnounceDowntime = (
  tx: Executor,
  event: DowntimeEvent,
  downtime: DueDowntime,
  nowMs: number,
) => Promise<void>;

export interface DowntimeClockDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly announce?: AnnounceDowntime;
  readonly now: () => number;
}

/**
 * Moves downtimes on: begins flexible ones for what went bad, those that wait for another, notes what began and ended, and tells of it, each exactly once:
 * the row's own update decides who is first, so restarts and several control planes at once change nothing. What it does is worked out from what is
 * stored, so it does not matter when it is run. Run it every second or so; answers how many ended.
 */
export async function noteDowntimes(dependencies: DowntimeClockDependencies): Promise<number> {
  const { database, audit, changes, announce, now } = dependencies;
  const { db } = database;

  async function note(
    column: "started_at_ms" | "ended_at_ms" | "reminded_at_ms",
    action: string | null,
    due: readonly DueDowntime[],
    eventOf: (downtime: DueDowntime) => DowntimeEvent | null,
  ): Promise<number> {
    let count = 0;
    for (const downtime of due) {
      const isFirst = await database.transaction(async (tx) => {
        const nowMs = now();
        if (!(await noteInstant(tx, column, downtime.id, nowMs))) return false;
        if (column === "started_at_ms") await triggerOthers(tx, downtime.id, nowMs);
        if (action !== null) {
          await audit.record(tx, {
            actor: systemActor,
            action,
            resourceKind: "downtime",
            resourceId: downtime.id,
            resourceName: downtime.comment,
          });
        }
        const event = eventOf(downtime);
        if (event !== null) await announce?.(tx, event, downtime, nowMs);
        return true;
      });
      if (isFirst) count++;
    }
    return count;
  }

  const activated = await startFlexible(dependencies);
  let started = 0;
  // One that begins may trigger another, which may trigger a third.
  for (let due = await findStarting(db, now()); due.length > 0; due = await findStarting(db, now())) {
    const count = await note("started_at_ms", "downtime.start", due, () => "start");
    started += count;
    if (count === 0) break;
  }
  await note("reminded_at_ms", null, await findReminding(db, now()), () => "reminder");
  const hasEnded = await endActivations(db, now());
  const ended = await note("ended_at_ms", "downtime.end", await findEnding(db, now()), (downtime) => {
    if (!downtime.hasStarted) return null;
    return downtime.isCancelled ? "cancelled" : "end";
  });
  if (started + ended + activated > 0 || hasEnded) {
    for (const type of ["services", "hosts", "overview"] as const) changes.publish(type, null);
  }
  // Decisions keep downtimes in memory, with what flexible and triggered ones began for.
  if (started + activated > 0) changes.publish("downtimes", null);
  return ended;
}

/** Begins flexible downtimes for what was bad in their window; answers for how many objects. */
async function startFlexible({ database, now }: DowntimeClockDependencies): Promise<number> {
  const { db, dialect } = database;
  let count = 0;
  for (const downtime of await findOpenFlexible(db, now())) {
    const durationMs = (downtime.durationSeconds ?? 0) * 1000;
    const bad = await findBadCovered(db, dialect, downtime);
    if (bad.length === 0) continue;
    count += await database.transaction(async (tx) => {
      let begun = 0;
      for (const { badAtMs, ...object } of bad) {
        if (await activate(tx, dialect, downtime.id, object, badAtMs, badAtMs + durationMs)) begun++;
      }
      return begun;
    });
  }
  return count;
}
