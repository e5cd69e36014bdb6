import { isPresent } from "../agent/presence.ts";
import type { Executor } from "../database/dialect/dialect.ts";
import { keepaliveOverdueSeconds } from "../freshness/overdue-after.ts";

/** A host that is to be asked something. */
export interface AskedAgent {
  readonly hostName: string;
  readonly hasAgent: boolean;
  /** Whether its keepalives came lately. */
  readonly isSeen: boolean;
  readonly lastSeenAtMs: number | null;
}

/** The host and whether its agent is there; undefined when there is no such host. */
export async function findAskedAgent(
  executor: Executor,
  hostId: number,
  nowMs: number,
): Promise<AskedAgent | undefined> {
  const row = await executor
    .selectFrom("host")
    .leftJoin("agent", (join) => join.onRef("agent.host_id", "=", "host.id").on("agent.revoked_at_ms", "is", null))
    .select(["host.name", "host.freshness_seconds", "agent.id as agent_id"])
    .select(["agent.last_seen_at_ms", "agent.away_since_ms"])
    .where("host.id", "=", hostId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    hostName: row.name,
    hasAgent: row.agent_id !== null,
    isSeen: isPresent(row, nowMs, row.freshness_seconds ?? keepaliveOverdueSeconds),
    lastSeenAtMs: row.last_seen_at_ms,
  };
}

/** Why a host cannot be asked now: `web1 is offline since 14:02 UTC; its files can be looked at when it is back`. Pure. */
export function offlineWords({ hostName, hasAgent, lastSeenAtMs }: AskedAgent, nowMs: number): string {
  if (!hasAgent) return `no agent runs on ${hostName}; its files can be looked at once it is enrolled`;
  if (lastSeenAtMs === null) return `${hostName} was never heard of; its files can be looked at when it is there`;
  const day = (atMs: number) => new Date(atMs).toISOString().slice(0, 10);
  const time = `${new Date(lastSeenAtMs).toISOString().slice(11, 16)} UTC`;
  const since = day(lastSeenAtMs) === day(nowMs) ? time : `${day(lastSeenAtMs)} ${time}`;
  return `${hostName} is offline since ${since}; its files can be looked at when it is back`;
}
