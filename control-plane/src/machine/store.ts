import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import type { BackupRun } from "@mycloud/protocol/backup-run";
import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import { type Machine, MachineFilter } from "@mycloud/protocol/machine";
import { sql } from "kysely";
import { z } from "zod";
import { isPresent } from "../agent/presence.ts";
import { findRepositoriesOfHosts } from "../backup-repository/store.ts";
import type { LiveProgress } from "../backup-run/live-progress.ts";
import { findRunsUnderWay } from "../backup-run/store.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { NotFoundError } from "../error/index.ts";
import { keepaliveOverdueSeconds } from "../freshness/overdue-after.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";
import { idList } from "../monitored/index.ts";
import type { Scope } from "../scope/index.ts";
import { describeMachine, type JobFacts, type WatchedState } from "./describe-machine.ts";

/** What of an agent's last keepalive matters here. */
const AgentStatus = z.object({ liveFiles: z.enum(["none", "read", "change"]).optional() });
const states = ["OK", "WARNING", "CRITICAL", "UNKNOWN"] as const;

interface HostRow {
  readonly id: number;
  readonly name: string;
  readonly display_name: string | null;
  readonly customer: string | null;
  readonly freshness_seconds: number | null;
  readonly agent_id: string | null;
  readonly last_seen_at_ms: number | null;
  readonly away_since_ms: number | null;
  readonly status_json: string | null;
}

export interface MachineStoreDependencies {
  readonly database: ConnectedDatabase;
  readonly live: LiveProgress;
  readonly now: () => number;
}

function hostsIn(executor: Executor, scope: Scope) {
  const hosts = executor
    .selectFrom("host")
    .leftJoin("agent", (join) => join.onRef("agent.host_id", "=", "host.id").on("agent.revoked_at_ms", "is", null));
  return scope.kind === "all" ? hosts : hosts.where("host.customer", "=", scope.customer);
}

const columns = [
  "host.id",
  "host.name",
  "host.display_name",
  "host.customer",
  "host.freshness_seconds",
  "agent.id as agent_id",
  "agent.last_seen_at_ms",
  "agent.away_since_ms",
  "agent.status_json",
] as const;

/** One page of the machines within scope. */
export async function listMachines(
  deps: MachineStoreDependencies,
  scope: Scope,
  query: ListQuery,
): Promise<ListAnswer<Machine>> {
  const page = await readList({
    query,
    filterSchema: MachineFilter,
    from: hostsIn(deps.database.db, scope),
    select: (rows) => rows.select(columns),
    sortable: { id: "host.id", hostName: "host.name", customer: "host.customer", lastSeenAtMs: "last_seen_at_ms" },
    defaultSort: "hostName",
    idColumn: "host.id",
    filters: {
      id: (eb, id) => isOneOf(eb, "host.id", id),
      q: (eb, words) => hasWords(eb, ["host.name", "host.display_name", "host.customer"], words),
      hostName: (eb, name) => eb("host.name", "=", name),
      customer: (eb, customer) =>
        customer === null ? eb("host.customer", "is", null) : eb("host.customer", "=", customer),
      isBackedUp: (_eb, isBackedUp) => (isBackedUp ? hasJobSql : sql<boolean>`not ${hasJobSql}`),
    },
    toItem: (row): HostRow => row,
  });
  return { ...page, data: await completed(deps, page.data) };
}

const hasJobSql = sql<boolean>`exists (select 1 from backup_repository where backup_repository.host_id = host.id
  and backup_repository.assigned_at_ms is not null)`;

/** Throws NotFoundError when there is none within scope. */
export async function findMachine(deps: MachineStoreDependencies, scope: Scope, hostId: number): Promise<Machine> {
  const rows = await hostsIn(deps.database.db, scope).select(columns).where("host.id", "=", hostId).limit(1).execute();
  const [machine] = await completed(deps, rows);
  if (machine === undefined) throw new NotFoundError(`there is no machine ${hostId}`);
  return machine;
}

async function completed(deps: MachineStoreDependencies, hosts: readonly HostRow[]): Promise<Machine[]> {
  const { db, dialect } = deps.database;
  const nowMs = deps.now();
  const hostIds = hosts.map(({ id }) => id);
  const repositories = Map.groupBy(await findRepositoriesOfHosts(db, dialect, hostIds, nowMs), (one) => one.hostId);
  const runs = new Map((await findRunsUnderWay(db, dialect, hostIds, deps.live)).map((run) => [run.hostId, run]));
  const watched = await findWatched(deps.database, hostIds);
  return hosts.map((host) => {
    const own = repositories.get(host.id) ?? [];
    const run = runs.get(host.id) ?? null;
    const hasAgent = host.agent_id !== null;
    const overdueSeconds = Math.max(keepaliveOverdueSeconds, host.freshness_seconds ?? 0);
    const { last_seen_at_ms: lastSeenAtMs } = host;
    const isOnline = hasAgent && isPresent(host, nowMs, overdueSeconds);
    const jobs = own.filter(({ isAssigned }) => isAssigned).map((one) => jobOf(one, watched.get(one.id)));
    const hasOldSnapshots = own.some(({ lastSnapshotAtMs }) => lastSnapshotAtMs !== null);
    const facts = { hasAgent, isOnline, lastSeenAtMs, jobs, hasOldSnapshots, run: run === null ? null : shareOf(run) };
    return {
      ...{ id: host.id, hostId: host.id, hostName: host.name, displayName: host.display_name, customer: host.customer },
      ...{ hasAgent, isOnline, lastSeenAtMs, repositories: own, run },
      ...describeMachine(facts, nowMs),
      areLiveFilesAllowed: liveFilesOf(host.status_json),
    };
  });
}

function jobOf(repository: BackupRepository, watched: Watched | undefined): JobFacts {
  const { policyName, keyMode, lastSnapshotAtMs, rpoSeconds, freshness, lastRunPhase, frozenAtMs, isPaused } =
    repository;
  return {
    ...{ policyName, lastSnapshotAtMs, rpoSeconds, freshness, lastRunPhase, isPaused },
    isPrivate: keyMode === "private",
    isFrozen: frozenAtMs !== null,
    unreadableCount: watched?.unreadableCount ?? 0,
    drill: watched?.drill ?? null,
    verify: watched?.verify ?? null,
    quota: watched?.quota ?? null,
  };
}

function shareOf({ phase, progress }: BackupRun): { readonly isWaiting: boolean; readonly share: number | null } {
  const isWaiting = phase === "waiting";
  if (!progress?.isTotalKnown || progress.bytesTotal <= 0) return { isWaiting, share: null };
  return { isWaiting, share: progress.bytesDone / progress.bytesTotal };
}

function liveFilesOf(statusJson: string | null): boolean | null {
  if (statusJson === null) return null;
  const { liveFiles } = AgentStatus.catch({}).parse(JSON.parse(statusJson));
  return liveFiles === undefined ? null : liveFiles !== "none";
}

interface Watched {
  readonly unreadableCount: number;
  readonly drill: WatchedState;
  readonly verify: WatchedState;
  readonly quota: WatchedState;
}

/** How the services of these hosts' policies are, and how much the last run of each could not read; by repository. */
async function findWatched(
  { db, dialect }: ConnectedDatabase,
  hostIds: readonly number[],
): Promise<ReadonlyMap<number, Watched>> {
  const rows = await db
    .selectFrom("backup_repository")
    .leftJoin("backup_run", "backup_run.id", "backup_repository.last_run_id")
    .leftJoin("service_state as drill", "drill.service_id", "backup_repository.drill_service_id")
    .leftJoin("service_state as verify", "verify.service_id", "backup_repository.verify_service_id")
    .leftJoin("service_state as quota", "quota.service_id", "backup_repository.quota_service_id")
    .select(["backup_repository.id", "backup_run.unreadable_count"])
    .select(["drill.state as drill_state", "drill.has_been_checked as has_drill"])
    .select(["verify.state as verify_state", "verify.has_been_checked as has_verify"])
    .select(["quota.state as quota_state", "quota.has_been_checked as has_quota"])
    .where(sql<boolean>`backup_repository.host_id in ${idList(dialect, hostIds)}`)
    .execute();
  return new Map(
    rows.map((row) => [
      row.id,
      {
        unreadableCount: row.unreadable_count ?? 0,
        drill: stateOf(row.drill_state, row.has_drill),
        verify: stateOf(row.verify_state, row.has_verify),
        quota: stateOf(row.quota_state, row.has_quota),
      },
    ]),
  );
}

function stateOf(state: number | null, hasBeenChecked: number | null): WatchedState {
  return hasBeenChecked === 1 && state !== null ? (states[state] ?? null) : null;
}
