import type { Keepalive } from "@mycloud/protocol/agent";
import type { Logger } from "pino";
import type { ChangeBus } from "../change/index.ts";
import type { AcceptCheckResults } from "../check-result/incoming-result.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { firstResultGraceMs } from "../freshness/mend-deadlines.ts";
import { freshnessOfHost, freshnessOfService, keepaliveOverdueSeconds } from "../freshness/overdue-after.ts";
import { idList } from "../monitored/index.ts";
import { saveAddresses } from "./save-addresses.ts";
import { savePauses } from "./save-pauses.ts";

/** One keepalive as it came in. */
export interface SeenAgent {
  readonly agentId: string;
  readonly hostId: number;
  readonly seenAtMs: number;
  readonly keepalive: Keepalive;
}

export interface KeepaliveWriter {
  note(seen: SeenAgent): void;
  /** Writes what waits. */
  stop(): Promise<void>;
}

export interface KeepaliveWriterOptions {
  readonly database: ConnectedDatabase;
  readonly acceptCheckResults: AcceptCheckResults;
  readonly changes: ChangeBus;
  readonly logger: Logger;
  /** How long keepalives gather before they are written together. */
  readonly gatherMs?: number;
  /** Hears of each keepalive as it comes. */
  readonly onSeen?: (seen: SeenAgent) => void;
}

const agentsPerTransaction = 500;

/**
 * Writes that agents were seen: many at a time, off the request's path, since a lost one is made good by the next. A host that is UP has
 * its deadline moved; one that is not, or not yet, gets a result of its own and turns UP.
 */
export function createKeepaliveWriter(options: KeepaliveWriterOptions): KeepaliveWriter {
  const { database, logger, gatherMs = 1000 } = options;
  let waiting = new Map<string, SeenAgent>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let writing: Promise<void> = Promise.resolve();

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const seen = [...waiting.values()];
    waiting = new Map();
    // One flush at a time: two would write the same rows.
    writing = writing
      .then(() => write(seen))
      .catch((err: unknown) => {
        logger.warn({ err, agents: seen.length }, "keepalives were not written");
      });
    return writing;
  }

  async function write(seen: readonly SeenAgent[]): Promise<void> {
    for (let at = 0; at < seen.length; at += agentsPerTransaction) {
      const part = seen.slice(at, at + agentsPerTransaction);
      const { notUp, others, moved } = await database.transaction(async (tx) => {
        const returned = await findReturned(tx, part);
        await noteStarts(tx, database, part);
        for (const agent of part) await saveAgent(tx, agent);
        const paused = await savePauses(tx, database.dialect, part);
        const moved = await saveAddresses(tx, database.dialect, part);
        const others = [...new Set([...returned, ...paused])];
        return { notUp: await moveDeadlines(tx, database, part), others, moved };
      });
      if (moved.length > 0) options.changes.publish("hosts", moved);
      if (others.length > 0) options.changes.publish("machines", others);
      if (notUp.length === 0) continue;
      await options.acceptCheckResults({
        sender: "keepalive",
        batchId: null,
        describe: () => "null",
        results: notUp.map((agent) => ({
          hostId: agent.hostId,
          serviceId: null,
          returnCode: 0,
          output: `UP - the agent (${agent.keepalive.agentVersion}) is connected`,
          checkedAtMs: agent.seenAtMs,
          // As a passive host result it is believed at once: a host that speaks is up.
          isPassive: true,
          isOwn: true,
        })),
      });
    }
  }

  return {
    note(seen) {
      options.onSeen?.(seen);
      waiting.set(seen.agentId, seen);
      timer ??= setTimeout(() => void flush(), gatherMs);
    },
    stop: flush,
  };
}

/** Hosts of agents that were gone until now. */
async function findReturned(tx: Executor, seen: readonly SeenAgent[]): Promise<number[]> {
  const silentSinceMs = Math.min(...seen.map(({ seenAtMs }) => seenAtMs)) - keepaliveOverdueSeconds * 1000;
  const rows = await tx
    .selectFrom("agent")
    .select("host_id")
    .where("id", "in", [...new Set(seen.map((agent) => agent.agentId))])
    .where((eb) =>
      eb.or([
        eb("last_seen_at_ms", "is", null),
        eb("last_seen_at_ms", "<", silentSinceMs),
        eb("away_since_ms", ">=", eb.ref("last_seen_at_ms")),
      ]),
    )
    .execute();
  return rows.map(({ host_id: hostId }) => hostId);
}

/** Keeps which agents started since they were last heard, and which have another version now. */
async function noteStarts(tx: Executor, { dialect }: ConnectedDatabase, seen: readonly SeenAgent[]): Promise<void> {
  const known = await tx
    .selectFrom("agent")
    .select(["id", "version", "started_at_ms"])
    .where("id", "in", [...new Set(seen.map((agent) => agent.agentId))])
    .execute();
  const before = new Map(known.map((row) => [row.id, row]));
  const events = seen.flatMap(({ agentId, hostId, seenAtMs, keepalive }) => {
    const row = before.get(agentId);
    const { agentVersion, startedAtMs } = keepalive;
    if (row === undefined || row.started_at_ms === startedAtMs) return [];
    const kind = row.version === agentVersion ? "start" : "upgrade";
    // The agent's own clock may be wrong; it cannot have started after it was heard.
    return [[hostId, kind, row.version, agentVersion, Math.min(startedAtMs, seenAtMs)]];
  });
  const columns = ["host_id", "kind", "from_version", "to_version", "at_ms"] as const;
  if (events.length > 0) await dialect.insertMany(tx, "agent_event", columns, events);
}

async function saveAgent(tx: Executor, { agentId, seenAtMs, keepalive }: SeenAgent): Promise<void> {
  const { agentVersion, startedAtMs, sentAtMs, facts: _, addresses: __, ...status } = keepalive;
  await tx
    .updateTable("agent")
    .set({
      last_seen_at_ms: seenAtMs,
      started_at_ms: startedAtMs,
      // Upper bound of the host's lead: the way here makes it look smaller.
      clock_offset_ms: sentAtMs - seenAtMs,
      version: agentVersion,
      status_json: JSON.stringify(status),
    })
    .where("id", "=", agentId)
    .execute();
}

/** Moves the deadlines of hosts that are UP, and answers the agents of those that are not. */
async function moveDeadlines(
  tx: Executor,
  { dialect }: ConnectedDatabase,
  seen: readonly SeenAgent[],
): Promise<SeenAgent[]> {
  const ids = [...new Set(seen.map((agent) => agent.hostId))].sort((a, b) => a - b);
  const rows = await tx
    .selectFrom("host_state")
    .innerJoin("host", "host.id", "host_state.host_id")
    .select(["host_state.host_id", "host_state.state", "host_state.has_been_checked", "host_state.is_stale"])
    .leftJoin("host_check", "host_check.host_id", "host.id")
    .leftJoin("check_definition", (join) =>
      join.onRef("check_definition.id", "=", "host_check.check_id").on("check_definition.is_enabled", "=", 1),
    )
    .select(["host.freshness_seconds", "host_state.overdue_at_ms", "host_state.last_received_at_ms"])
    .select(["check_interval_seconds", "timeout_seconds", "host_check.since_ms as told_since_ms"])
    .where("host_state.host_id", "in", idList(dialect, ids) as never)
    .orderBy("host_state.host_id")
    .execute();
  const isUp = new Set<number>();
  const told = new Set<number>();
  const latest = new Map(seen.map((agent) => [agent.hostId, agent]));
  for (const row of rows) {
    const agent = latest.get(row.host_id);
    if (agent === undefined) continue;
    if (row.check_interval_seconds !== null) {
      // Its check tells whether it is UP: the keepalive only keeps its silence from counting, and never beyond what the check has to answer for.
      told.add(row.host_id);
      await moveCheckedDeadline(tx, row, agent.seenAtMs);
      continue;
    }
    if (row.state !== 0 || row.has_been_checked !== 1 || row.is_stale !== 0) continue;
    isUp.add(row.host_id);
    const freshMs = freshnessOfHost({ hasAgent: true, freshnessSeconds: row.freshness_seconds });
    if (freshMs === null) continue;
    await tx
      .updateTable("host_state")
      .set((eb) => ({ overdue_at_ms: agent.seenAtMs + freshMs, version: eb("version", "+", 1) }))
      .where("host_id", "=", row.host_id)
      // Unless a result has turned it meanwhile.
      .where("state", "=", 0)
      .execute();
  }
  const exists = new Set(rows.map((row) => row.host_id));
  return [...latest.values()].filter(
    (agent) => exists.has(agent.hostId) && !isUp.has(agent.hostId) && !told.has(agent.hostId),
  );
}

interface CheckedRow {
  readonly host_id: number;
  readonly state: number;
  readonly is_stale: number;
  readonly has_been_checked: number;
  readonly freshness_seconds: number | null;
  readonly overdue_at_ms: number | null;
  readonly last_received_at_ms: number | null;
  readonly check_interval_seconds: number | null;
  readonly timeout_seconds: number | null;
  /** Since when its check tells of it. */
  readonly told_since_ms: number | null;
}

/** Moves the deadline of a host that a check tells of. One that is silent already is for its check to bring back. */
async function moveCheckedDeadline(tx: Executor, row: CheckedRow, seenAtMs: number): Promise<void> {
  const checkFreshnessMs = freshnessOfService({
    isPassive: false,
    isEnabled: true,
    freshnessSeconds: null,
    checkIntervalSeconds: row.check_interval_seconds ?? 0,
    timeoutSeconds: row.timeout_seconds ?? 0,
  });
  const isFirst = row.overdue_at_ms === null;
  const isSilent = isFirst && row.has_been_checked === 1 && (row.is_stale === 1 || row.state !== 0);
  if (checkFreshnessMs === null || isSilent) return;
  const freshMs = freshnessOfHost({ hasAgent: true, freshnessSeconds: row.freshness_seconds }) ?? checkFreshnessMs;
  // A check that has just been given to the host has not answered yet, whenever the last keepalive or result came.
  const askedAtMs = Math.max(row.last_received_at_ms ?? 0, (row.told_since_ms ?? 0) + firstResultGraceMs);
  const untilMs = Math.min(seenAtMs + freshMs, askedAtMs + checkFreshnessMs);
  await tx
    .updateTable("host_state")
    .set((eb) => ({ overdue_at_ms: untilMs, version: eb("version", "+", 1) }))
    .where("host_id", "=", row.host_id)
    .where("overdue_at_ms", isFirst ? "is" : "=", isFirst ? null : row.overdue_at_ms)
    .execute();
}
