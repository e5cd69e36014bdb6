import {
  type Host,
  HostFilter,
  type HostInput,
  HostOrigin,
  type HostProber,
  type ServiceCounts,
} from "@mycloud/protocol/host";
import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import { Labels } from "@mycloud/protocol/name";
import { sql } from "kysely";
import { z } from "zod";
import { ensureCustomer } from "../customer/ensure-customer.ts";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { NamePage } from "../database/name-page.ts";
import { ConflictError, NotFoundError } from "../error/index.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";
import {
  effectiveSchedule,
  findInDowntime,
  hasLabelsSql,
  type InDowntime,
  idList,
  impactExpression,
  inGroupSql,
  isShownAs,
  lastHostStateOf,
  loadRuntimeOverrides,
  matchesPatternSql,
  mayNameSql,
  type Named,
  observationColumns,
  observationOf,
  overrideKeyOf,
  shownHostStateOf,
  shownServiceStateOf,
} from "../monitored/index.ts";
import { type Probing, probingSeenBy } from "../prober/probing.ts";
import { findProbing } from "../prober/store.ts";
import type { Scope } from "../scope/index.ts";
import { saveLabelsAndGroups } from "./create-host.ts";
import { effectiveLabels, ownLabels } from "./effective-labels.ts";
import { findHostChecksOf, type ShownHostCheck } from "./find-host-checks.ts";
import { findHiddenHosts, keepHiddenHosts } from "./hidden-hosts.ts";
import { HostSettings, hostSettingsOf } from "./host-settings.ts";

const Groups = z.array(z.string());

function hostsIn(executor: Executor, scope: Scope) {
  const hosts = executor.selectFrom("host").innerJoin("host_state", "host_state.host_id", "host.id");
  return scope.kind === "all" ? hosts : hosts.where("host.customer", "=", scope.customer);
}

const hostColumns = [
  "host.id",
  "host.name",
  "host.display_name",
  "host.address",
  "host.labels_json",
  "host.facts_json",
  "host.groups_json",
  "host.customer",
  "host.notes",
  "host.origin",
  "host.max_check_attempts",
  "host.freshness_seconds",
  "host.settings_json",
  "host.created_at_ms",
  "host.updated_at_ms",
] as const;
const stateColumns = observationColumns.map((column) => `host_state.${column}` as const);

type HostRow = Awaited<ReturnType<typeof selectRows>>[number];

function selectColumns(query: ReturnType<typeof hostsIn>, inDowntime: InDowntime) {
  return query
    .select(hostColumns)
    .select(stateColumns)
    .select(["host_state.next_check_at_ms", "host_state.execution_time_seconds", "host_state.latency_seconds"])
    .select(sql<number>`case when ${inDowntime.host} then 1 else 0 end`.as("is_in_downtime"));
}

function selectRows(query: ReturnType<typeof hostsIn>, inDowntime: InDowntime) {
  return selectColumns(query, inDowntime).execute();
}

/** One page of hosts, with their agents, host checks, probers and counts of services: a handful of queries, whatever the page. */
export async function listHosts(
  executor: Executor,
  dialect: Dialect,
  scope: Scope,
  query: ListQuery,
  nowMs: number,
): Promise<ListAnswer<Host>> {
  const inDowntime = await findInDowntime(executor, dialect, nowMs);
  const { data, total } = await readList({
    query,
    filterSchema: HostFilter,
    from: hostsIn(executor, scope),
    select: (rows) => selectColumns(rows, inDowntime),
    sortable: {
      id: "host.id",
      name: "host.name",
      address: "host.address",
      customer: "host.customer",
      state: impactExpression("host_state"),
      lastCheckAtMs: "host_state.last_check_at_ms",
      lastStateChangeAtMs: "host_state.last_state_change_at_ms",
      createdAtMs: "host.created_at_ms",
    },
    defaultSort: "name",
    idColumn: "host.id",
    filters: {
      id: (eb, id) => isOneOf(eb, "host.id", id),
      q: (eb, words) => hasWords(eb, ["host.name", "host.display_name", "host.address"], words),
      name: (_, name) => matchesPatternSql(dialect.kind, "host.name", name),
      state: (_, state) => isShownAs("host_state", typeof state === "string" ? [state] : state),
      group: (_, group) => inGroupSql(dialect.kind, group),
      label: (_, labels) => hasLabelsSql(dialect.kind, labels),
      customer: (eb, customer) =>
        customer === null ? eb("host.customer", "is", null) : eb("host.customer", "=", customer),
      hasProblem: (_, hasProblem) => {
        const isProblem = sql`(host_state.is_stale = 1 or host_state.state <> 0)`;
        return hasProblem ? sql<boolean>`${isProblem}` : sql<boolean>`not ${isProblem}`;
      },
      isAcknowledged: (eb, isAcknowledged) =>
        eb("host_state.acknowledgement_id", isAcknowledged ? "is not" : "is", null),
      isInDowntime: (_, isInDowntime) => (isInDowntime ? inDowntime.host : sql<boolean>`not ${inDowntime.host}`),
      hasAgent: (eb, hasAgent) => {
        const agents = eb
          .selectFrom("agent")
          .select("agent.id")
          .whereRef("agent.host_id", "=", "host.id")
          .where("agent.revoked_at_ms", "is", null);
        return hasAgent ? eb.exists(agents) : eb.not(eb.exists(agents));
      },
    },
    toItem: (row: HostRow) => row,
  });
  return { data: await completeHosts(executor, dialect, scope, data, nowMs), total };
}

/** Throws NotFoundError, also for a host outside the scope. */
export async function findHost(
  executor: Executor,
  dialect: Dialect,
  scope: Scope,
  id: number,
  nowMs: number,
): Promise<Host> {
  const inDowntime = await findInDowntime(executor, dialect, nowMs);
  const rows = await selectRows(hostsIn(executor, scope).where("host.id", "=", id), inDowntime);
  const [host] = await completeHosts(executor, dialect, scope, rows, nowMs);
  if (host === undefined) throw new NotFoundError(`there is no host ${id}`);
  return host;
}

/** All that may be written of every host in the scope, by name; for export and apply. */
export async function findAllHostInputs(
  executor: Executor,
  scope: Scope,
  naming?: Named,
): Promise<(HostInput & { id: number; origin: HostOrigin })[]> {
  const all = hostsIn(executor, scope);
  const columns = { settings: "host.settings_json", id: "host.id", use: "template_use.host_id" };
  const rows = await (naming === undefined ? all : all.where(mayNameSql(naming, columns)))
    .select(hostColumns)
    .orderBy("host.name")
    .execute();
  const inputs = await shownInputs(executor, scope, rows);
  return inputs.map(({ row, input }) => ({ ...input, id: row.id, origin: HostOrigin.parse(row.origin) }));
}

/** As `findAllHostInputs`, so many of them at a time. */
export async function findHostInputsPage(
  executor: Executor,
  scope: Scope,
  { after, limit }: NamePage,
): Promise<(HostInput & { id: number })[]> {
  const all = hostsIn(executor, scope).select(hostColumns);
  const behind = after === null ? all : all.where("host.name", ">", after);
  const rows = await behind.orderBy("host.name").limit(limit).execute();
  return (await shownInputs(executor, scope, rows)).map(({ row, input }) => ({ ...input, id: row.id }));
}

/** Changes a host, its label and group rows. Throws ConflictError when the name is taken. The caller syncs its services. */
export async function updateHost(
  tx: Executor,
  dialect: Dialect,
  id: number,
  input: HostInput,
  nowMs: number,
): Promise<void> {
  const row = await tx.selectFrom("host").select(["facts_json", "labels_json"]).where("id", "=", id).executeTakeFirst();
  if (row === undefined) throw new NotFoundError(`there is no host ${id}`);
  const facts = Labels.parse(JSON.parse(row.facts_json));
  const labels = ownLabels(facts, Labels.parse(JSON.parse(row.labels_json)), input.labels);
  await ensureCustomer(tx, dialect, input.customer, nowMs);
  try {
    await tx
      .updateTable("host")
      .set({
        name: input.name,
        display_name: input.displayName,
        address: input.address,
        labels_json: JSON.stringify(labels),
        groups_json: JSON.stringify(input.groups),
        customer: input.customer,
        notes: input.notes,
        max_check_attempts: input.maxCheckAttempts,
        freshness_seconds: input.freshnessSeconds,
        settings_json: JSON.stringify(hostSettingsOf(input)),
        updated_at_ms: nowMs,
      })
      .where("id", "=", id)
      .execute();
  } catch (error) {
    if (!dialect.isUniqueViolation(error)) throw error;
    const issues = [{ field: "name", value: input.name, message: "is taken" }];
    throw new ConflictError(`there is a host named "${input.name}" already`, issues);
  }
  await saveLabelsAndGroups(tx, dialect, id, effectiveLabels(facts, labels), input.groups);
}

/** The hosts that a host names. */
export type NamedHosts = Pick<HostInput, "parents" | "probers">;

/** The hosts that a host names after somebody in the scope wrote these: what it does not see stays. Throws InputError when they are too many together. */
export async function namedHostsAfterWriting(
  tx: Executor,
  scope: Scope,
  id: number,
  written: NamedHosts,
): Promise<NamedHosts> {
  const { parents, probers } = written;
  if (scope.kind === "all") return { parents, probers };
  const row = await tx.selectFrom("host").select("settings_json").where("id", "=", id).executeTakeFirst();
  const stored = HostSettings.parse(JSON.parse(row?.settings_json ?? "{}"));
  const hidden = await findHiddenHosts(tx, scope, [...stored.parents, ...stored.probers]);
  const keep = (field: "parents" | "probers") =>
    keepHiddenHosts(field, stored[field], (name) => hidden.has(name), written[field]);
  return { parents: keep("parents"), probers: keep("probers") };
}

/** How many attempts a host's own definition says, which those of a host check go before. */
export async function findOwnCheckAttempts(tx: Executor, id: number): Promise<number> {
  const query = tx.selectFrom("host").select("max_check_attempts").where("id", "=", id);
  return (await query.executeTakeFirstOrThrow()).max_check_attempts;
}

/** Deletes a host with its services, history and agent; what remains is the audit log and, for 48 hours, raw results. */
export async function deleteHost(tx: Executor, id: number): Promise<void> {
  await tx.deleteFrom("host").where("id", "=", id).execute();
}

type InputRow = Pick<
  HostRow,
  | "name"
  | "display_name"
  | "address"
  | "labels_json"
  | "groups_json"
  | "customer"
  | "notes"
  | "max_check_attempts"
  | "freshness_seconds"
  | "settings_json"
>;

/** What may be written of hosts, as the reader may see it. */
async function shownInputs<Row extends InputRow>(
  executor: Executor,
  scope: Scope,
  rows: readonly Row[],
): Promise<{ readonly row: Row; readonly input: HostInput }[]> {
  const inputs = rows.map((row) => ({ row, input: inputOf(row) }));
  const named = inputs.flatMap(({ input }) => [...input.parents, ...input.probers]);
  const hidden = await findHiddenHosts(executor, scope, named);
  if (hidden.size === 0) return inputs;
  const shown = (names: readonly string[]) => names.filter((name) => !hidden.has(name));
  return inputs.map(({ row, input }) => {
    const { parents, probers } = input;
    return { row, input: { ...input, parents: shown(parents), probers: shown(probers) } };
  });
}

function inputOf(row: InputRow): HostInput {
  return {
    name: row.name,
    displayName: row.display_name,
    address: row.address,
    labels: Labels.parse(JSON.parse(row.labels_json)),
    groups: Groups.parse(JSON.parse(row.groups_json)),
    customer: row.customer,
    notes: row.notes,
    maxCheckAttempts: row.max_check_attempts,
    freshnessSeconds: row.freshness_seconds,
    ...HostSettings.parse(JSON.parse(row.settings_json)),
  };
}

async function completeHosts(
  executor: Executor,
  dialect: Dialect,
  scope: Scope,
  rows: readonly HostRow[],
  nowMs: number,
): Promise<Host[]> {
  const ids = rows.map((row) => row.id);
  if (ids.length === 0) return [];
  const agents = await executor
    .selectFrom("agent")
    .select(["id", "host_id", "version", "revoked_at_ms", "enrolled_at_ms", "last_seen_at_ms"])
    .where(sql<boolean>`host_id in ${idList(dialect, ids)}`)
    .orderBy("enrolled_at_ms")
    .execute();
  // A host enrolled again has several; the one that is not revoked counts, else the newest.
  const agentOf = new Map<number, (typeof agents)[number]>();
  for (const agent of agents) {
    const other = agentOf.get(agent.host_id);
    if (other === undefined || other.revoked_at_ms !== null || agent.revoked_at_ms === null) {
      agentOf.set(agent.host_id, agent);
    }
  }
  const counts = await findServiceCounts(executor, dialect, ids);
  const overrides = await loadRuntimeOverrides(
    executor,
    ids.map((id) => overrideKeyOf(id, null)),
  );
  const hostChecks = await findHostChecksOf(executor, dialect, ids, overrides);
  const probings = await findProbing(executor, dialect, ids, nowMs);
  const inputs = await shownInputs(executor, scope, rows);
  return inputs.map(({ row, input }) => {
    const agent = agentOf.get(row.id);
    const hostCheck = hostChecks.get(row.id);
    const defined = { maxCheckAttempts: hostCheck?.maxCheckAttempts ?? row.max_check_attempts };
    const { maxCheckAttempts } = effectiveSchedule(defined, overrides, row.id, null);
    const ownPeriod = overrides.hosts.get(row.id)?.checkPeriod ?? input.checkPeriod;
    return {
      ...input,
      // What selectors see: an operator's own labels over what the agent reported.
      labels: effectiveLabels(Labels.parse(JSON.parse(row.facts_json)), Labels.parse(JSON.parse(row.labels_json))),
      id: row.id,
      origin: HostOrigin.parse(row.origin),
      state: shownHostStateOf(row),
      lastState: lastHostStateOf(row),
      ...observationOf(row, maxCheckAttempts, row.is_in_downtime === 1),
      hostCheck: shownHostCheck(hostCheck, ownPeriod),
      nextCheckAtMs: row.next_check_at_ms,
      executionTimeSeconds: row.execution_time_seconds,
      latencySeconds: row.latency_seconds,
      agent: agent
        ? {
            id: agent.id,
            version: agent.version,
            isRevoked: agent.revoked_at_ms !== null,
            enrolledAtMs: agent.enrolled_at_ms,
            lastSeenAtMs: agent.last_seen_at_ms,
          }
        : null,
      prober: proberOf(scope, probings.get(row.id)),
      serviceCounts: counts.get(row.id) ?? noServices(),
      createdAtMs: row.created_at_ms,
      updatedAtMs: row.updated_at_ms,
    };
  });
}

function shownHostCheck(check: ShownHostCheck | undefined, ownPeriod: string | null): Host["hostCheck"] {
  if (check === undefined) return null;
  const { maxCheckAttempts: _, ...shown } = check;
  return { ...shown, checkPeriod: ownPeriod ?? shown.checkPeriod };
}

function proberOf(scope: Scope, probing: Probing | undefined): HostProber | null {
  if (probing === undefined) return null;
  const { proberName: hostName, isLive, sinceMs } = probingSeenBy(scope, probing);
  return { hostName, isLive, sinceMs };
}

export function noServices(): ServiceCounts {
  return { total: 0, ok: 0, warning: 0, critical: 0, unknown: 0, stale: 0, pending: 0 };
}

const countKeys = {
  OK: "ok",
  WARNING: "warning",
  CRITICAL: "critical",
  UNKNOWN: "unknown",
  STALE: "stale",
  PENDING: "pending",
} as const;

/** Adds a group of services in one state to the counts. */
export function addToCounts(
  counts: ServiceCounts,
  row: { state: number; is_stale: number; has_been_checked: number },
  count: number,
): void {
  counts.total += count;
  counts[countKeys[shownServiceStateOf(row)]] += count;
}

async function findServiceCounts(
  executor: Executor,
  dialect: Dialect,
  hostIds: readonly number[],
): Promise<ReadonlyMap<number, ServiceCounts>> {
  const rows = await executor
    .selectFrom("service")
    .innerJoin("service_state", "service_state.service_id", "service.id")
    .select(["service.host_id", "state", "is_stale", "has_been_checked"])
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where(sql<boolean>`service.host_id in ${idList(dialect, hostIds)}`)
    .groupBy(["service.host_id", "state", "is_stale", "has_been_checked"])
    .execute();
  const byHost = new Map<number, ServiceCounts>();
  for (const row of rows) {
    const counts = byHost.get(row.host_id) ?? noServices();
    byHost.set(row.host_id, counts);
    addToCounts(counts, row, Number(row.count));
  }
  return byHost;
}
