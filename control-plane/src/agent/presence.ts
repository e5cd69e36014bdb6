import { sql } from "kysely";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { keepaliveOverdueSeconds } from "../freshness/overdue-after.ts";
import { idList } from "../monitored/index.ts";

/** What is stored of whether an agent is there. */
export interface StoredPresence {
  readonly last_seen_at_ms: number | null;
  readonly away_since_ms: number | null;
}

/**
 * Whether an agent is there: it spoke lately, and since its stream ended if it did. What it said later counts, so that an agent which went to another
 * control plane is never taken for gone for longer than it takes to say so. Pure.
 */
export function isPresent(
  { last_seen_at_ms: seenAtMs, away_since_ms: awaySinceMs }: StoredPresence,
  nowMs: number,
  freshSeconds: number = keepaliveOverdueSeconds,
): boolean {
  if (seenAtMs === null || seenAtMs + freshSeconds * 1000 <= nowMs) return false;
  return awaySinceMs === null || seenAtMs > awaySinceMs;
}

/** Hosts whose agents' streams ended, and since when. */
export type Departures = ReadonlyMap<number, number>;

/** Notes that agents are gone, but for those that were heard of since, by whichever control plane; answers their hosts. */
export async function saveDepartures(
  { db, dialect }: ConnectedDatabase,
  departures: Departures,
): Promise<readonly number[]> {
  const rows = await db
    .selectFrom("agent")
    .select(["id", "host_id", "last_seen_at_ms"])
    .where("revoked_at_ms", "is", null)
    .where(sql<boolean>`host_id in ${idList(dialect, [...departures.keys()])}`)
    .execute();
  const gone: number[] = [];
  for (const { id, host_id: hostId, last_seen_at_ms: seenAtMs } of rows) {
    const sinceMs = departures.get(hostId);
    if (sinceMs === undefined || (seenAtMs ?? 0) > sinceMs) continue;
    await db.updateTable("agent").set({ away_since_ms: sinceMs }).where("id", "=", id).execute();
    gone.push(hostId);
  }
  return gone;
}
