import type { Overview } from "@mycloud/protocol/overview";
import type { ProblemFilter } from "@mycloud/protocol/problem";
import { isPresent } from "../agent/presence.ts";
import type { IngestRate } from "../check-result/ingest-rate.ts";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { addToCounts, noServices } from "../host/store.ts";
import { shownHostStateOf } from "../monitored/index.ts";
import type { ProblemRootsReader } from "../problem/problem-roots.ts";
import { countProblems, listProblems } from "../problem/store.ts";
import type { Scope } from "../scope/index.ts";
import { findNewestChanges } from "../state-change/store.ts";

export interface OverviewDependencies {
  readonly dialect: Dialect;
  readonly rate: IngestRate;
  readonly isMailConfigured: () => boolean;
  readonly roots: Pick<ProblemRootsReader, "read">;
}

const shown = 20;

/** The console's first page: a handful of grouped queries, whatever the number of hosts. */
export async function readOverview(
  executor: Executor,
  { dialect, rate, isMailConfigured, roots }: OverviewDependencies,
  scope: Scope,
  nowMs: number,
): Promise<Overview> {
  const problems = await countProblems(executor, dialect, scope, nowMs);
  // What follows from another problem is counted at that one.
  const filter = JSON.stringify({ groupByRoot: true } satisfies ProblemFilter);
  const query = { page: 1, perPage: shown, order: "ASC", filter } as const;
  return {
    hosts: await countHosts(executor, scope),
    services: await countServices(executor, scope),
    unhandledProblems: problems.unhandled,
    handledProblems: problems.handled,
    problems: (await listProblems(executor, dialect, scope, query, nowMs, await roots.read())).data,
    recentChanges: await findNewestChanges(executor, dialect, scope, shown),
    ingest: { resultsPerSecond: rate.perSecond(nowMs), history: rate.history(nowMs) },
    agents: await countAgents(executor, scope, nowMs),
    notifications: { ...(await countNotifications(executor, scope)), isMailConfigured: isMailConfigured() },
  };
}

async function countHosts(executor: Executor, scope: Scope): Promise<Overview["hosts"]> {
  let query = executor
    .selectFrom("host_state")
    .innerJoin("host", "host.id", "host_state.host_id")
    .select(["state", "is_stale", "has_been_checked"])
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .groupBy(["state", "is_stale", "has_been_checked"]);
  if (scope.kind === "customer") query = query.where("host.customer", "=", scope.customer);
  const counts = { total: 0, up: 0, down: 0, unreachable: 0, stale: 0, pending: 0 };
  const keys = { UP: "up", DOWN: "down", UNREACHABLE: "unreachable", STALE: "stale", PENDING: "pending" } as const;
  for (const row of await query.execute()) {
    counts.total += Number(row.count);
    counts[keys[shownHostStateOf(row)]] += Number(row.count);
  }
  return counts;
}

async function countServices(executor: Executor, scope: Scope): Promise<Overview["services"]> {
  const states = executor
    .selectFrom("service_state")
    .select(["state", "is_stale", "has_been_checked"])
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .groupBy(["state", "is_stale", "has_been_checked"]);
  const rows = await (scope.kind === "all"
    ? states
    : states.where("service_id", "in", (eb) =>
        eb
          .selectFrom("service")
          .innerJoin("host", "host.id", "service.host_id")
          .select("service.id")
          .where("host.customer", "=", scope.customer),
      )
  ).execute();
  const counts = noServices();
  for (const row of rows) addToCounts(counts, row, Number(row.count));
  return counts;
}

async function countAgents(executor: Executor, scope: Scope, nowMs: number): Promise<Overview["agents"]> {
  let query = executor
    .selectFrom("agent")
    .innerJoin("host", "host.id", "agent.host_id")
    .select(["agent.last_seen_at_ms", "agent.away_since_ms"])
    .where("agent.revoked_at_ms", "is", null);
  if (scope.kind === "customer") query = query.where("host.customer", "=", scope.customer);
  const rows = await query.execute();
  return { total: rows.length, connected: rows.filter((row) => isPresent(row, nowMs)).length };
}

async function countNotifications(executor: Executor, scope: Scope): Promise<{ queued: number; dead: number }> {
  let query = executor
    .selectFrom("notification")
    .innerJoin("host", "host.id", "notification.host_id")
    .select("phase")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("phase", "in", ["queued", "dead"])
    .groupBy("phase");
  if (scope.kind === "customer") query = query.where("host.customer", "=", scope.customer);
  const rows = await query.execute();
  const of = (phase: string) => Number(rows.find((row) => row.phase === phase)?.count ?? 0);
  return { queued: of("queued"), dead: of("dead") };
}
