import { sql } from "kysely";
import { z } from "zod";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { keepaliveIntervalOf, keepaliveOverdueSeconds } from "../freshness/overdue-after.ts";
import { chunksOf, idList, idsPerQuery } from "../monitored/id-list.ts";

/** Whether a host's agent is there, and lets itself be asked to look at other hosts. */
export interface AgentPresence {
  readonly isSeen: boolean;
  readonly mayProbe: boolean;
  readonly lastSeenAtMs: number | null;
  readonly keepaliveSeconds: number;
}

const Status = z.object({ mayProbe: z.boolean().default(true) });

/**
 * The agents of these hosts, by host. Seen is whose keepalives are fresh, or count as fresh since nobody listened (freshness/shiftDeadlines). A host
 * whose agent is revoked, or that has none, is absent.
 */
export async function findAgentPresence(
  executor: Executor,
  dialect: Dialect,
  hostIds: readonly number[],
  nowMs: number,
): Promise<ReadonlyMap<number, AgentPresence>> {
  const found = new Map<number, AgentPresence>();
  for (const chunk of chunksOf(hostIds, idsPerQuery)) {
    const rows = await executor
      .selectFrom("agent")
      .innerJoin("host", "host.id", "agent.host_id")
      .innerJoin("host_state", "host_state.host_id", "host.id")
      .select(["host.id", "host.freshness_seconds", "agent.last_seen_at_ms", "agent.status_json"])
      .select(["host_state.state", "host_state.is_stale", "host_state.overdue_at_ms"])
      .where("agent.revoked_at_ms", "is", null)
      .where(sql<boolean>`host.id in ${idList(dialect, chunk)}`)
      .execute();
    for (const row of rows) {
      const freshMs = (row.freshness_seconds ?? keepaliveOverdueSeconds) * 1000;
      const isFresh = row.last_seen_at_ms !== null && row.last_seen_at_ms + freshMs > nowMs;
      const isExcused = row.state === 0 && row.is_stale === 0 && (row.overdue_at_ms ?? 0) > nowMs;
      found.set(row.id, {
        isSeen: isFresh || isExcused,
        mayProbe: Status.catch({ mayProbe: true }).parse(JSON.parse(row.status_json ?? "{}")).mayProbe,
        lastSeenAtMs: row.last_seen_at_ms,
        keepaliveSeconds: keepaliveIntervalOf(row.freshness_seconds),
      });
    }
  }
  return found;
}

/** Of these hosts, those whose agent's keepalives came lately, by nothing else than their arrival. */
export async function findSeenAgents(
  executor: Executor,
  hostIds: readonly number[],
  nowMs: number,
): Promise<ReadonlySet<number>> {
  const seen = new Set<number>();
  for (const chunk of chunksOf(hostIds, 500)) {
    const rows = await executor
      .selectFrom("agent")
      .innerJoin("host", "host.id", "agent.host_id")
      .select(["agent.host_id", "agent.last_seen_at_ms", "host.freshness_seconds"])
      .where("agent.revoked_at_ms", "is", null)
      .where("agent.host_id", "in", chunk)
      .execute();
    for (const row of rows) {
      const freshMs = (row.freshness_seconds ?? keepaliveOverdueSeconds) * 1000;
      if ((row.last_seen_at_ms ?? 0) + freshMs > nowMs) seen.add(row.host_id);
    }
  }
  return seen;
}
