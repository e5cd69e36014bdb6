import { exactHosts } from "@mycloud/protocol/selector";
import { type RawBuilder, sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { ConflictError, InputError } from "../error/index.ts";
import { chunksOf, idList, idsPerQuery } from "../monitored/index.ts";
import { createServices } from "../service/create-services.ts";
import { findPlannedHosts } from "./find-planned-hosts.ts";
import { findChecksAround, findSyncedChecks, type SyncedCheck } from "./find-synced-checks.ts";
import { findHostChecks, findHostsOfCheck, saveHostChecks } from "./host-check-store.ts";
import { planHostChecks } from "./plan-host-checks.ts";
import {
  describeConflicts,
  type PlannedCheck,
  type PlannedHost,
  planServices,
  type ServicePlan,
  type StoredService,
} from "./plan-services.ts";

/** A new service gets this much longer for its first result: an agent has to hear of it first. */
const firstResultGraceMs = 120_000;

export type OnConflict = "refuse" | "keep";

/**
 * Gives hosts the services that the checks amount to, after a host was made or its labels, groups or name changed. With `refuse`,
 * two checks of one service name throw ConflictError; with `keep` (an agent's facts changed, nobody is there to hear an error) the one that was
 * there first stays. Answers the plan it carried out.
 */
export async function syncServicesOfHosts(
  tx: Executor,
  dialect: Dialect,
  hostIds: readonly number[],
  onConflict: OnConflict,
  nowMs: number,
): Promise<ServicePlan> {
  const hosts: PlannedHost[] = [];
  const services: StoredService[] = [];
  for (const chunk of chunksOf(hostIds, idsPerQuery)) {
    hosts.push(...(await findPlannedHosts(tx, dialect, chunk)));
    const rows = await tx
      .selectFrom("service")
      .select(["id", "host_id", "check_id", "name"])
      .where(sql<boolean>`host_id in ${idList(dialect, chunk)}`)
      .execute();
    for (const row of rows) {
      services.push({ id: row.id, hostId: row.host_id, checkId: row.check_id, name: row.name, claimant: null });
    }
  }
  const checks = await findChecksAround(tx, dialect, hosts);
  const plan = await withHostChecks(
    tx,
    dialect,
    planServices(checks, hosts, services),
    checks,
    hosts,
    onConflict,
    nowMs,
  );
  return await carryOut(tx, dialect, plan, checks, onConflict, nowMs);
}

/** Plans and keeps which check tells of each host whether it is UP; its conflicts join those of services. */
async function withHostChecks(
  tx: Executor,
  dialect: Dialect,
  plan: ServicePlan,
  checks: readonly SyncedCheck[],
  hosts: readonly PlannedHost[],
  onConflict: OnConflict,
  nowMs: number,
): Promise<ServicePlan> {
  const ids = hosts.map((host) => host.id);
  const ofHosts = planHostChecks(checks, hosts, await findHostChecks(tx, dialect, ids, checks));
  const conflicts = [...plan.conflicts, ...ofHosts.conflicts];
  if (onConflict === "keep" || conflicts.length === 0) await saveHostChecks(tx, dialect, ofHosts, nowMs);
  return { ...plan, conflicts };
}

/** Gives every host the service of one check that was made or changed. Throws ConflictError as `syncServicesOfHosts`. */
export async function syncServicesOfCheck(
  tx: Executor,
  dialect: Dialect,
  checkId: number,
  nowMs: number,
): Promise<ServicePlan> {
  const checks = await findSyncedChecks(tx, [checkId]);
  const services = await findServicesAround(tx, checks);
  for (const check of checks) {
    if (check.target === "host" && check.isComputed) {
      throw new InputError("a business rule or a log check makes a service; it cannot tell whether a host is UP", [
        { field: "target", value: "host", message: "is not possible with a business rule or a log check" },
      ]);
    }
  }
  const told = await findHostsOfCheck(tx, checkId);
  const hosts = await findHostsConcerned(tx, dialect, checks, services, told);
  const plan = await withHostChecks(tx, dialect, planServices(checks, hosts, services), checks, hosts, "refuse", nowMs);
  return await carryOut(tx, dialect, plan, checks, "refuse", nowMs);
}

/**
 * Brings the services that some checks make on some hosts in line, with what is stored of them: a part of what `syncServicesOfCheck` does for all hosts,
 * and for several checks at once, so that a host passes from what it had to what it gets in one transaction. Of conflicts, the one that was there first stays.
 */
export async function syncChecksOnHosts(
  tx: Executor,
  dialect: Dialect,
  checkIds: readonly number[],
  hostIds: readonly number[],
  nowMs: number,
): Promise<ServicePlan> {
  const wanted = new Set(checkIds);
  const checks = await findSyncedChecks(tx, checkIds);
  const hosts = await findPlannedHosts(tx, dialect, hostIds);
  const isOnHosts = sql<boolean>`service.host_id in ${idList(dialect, hostIds)}`;
  const rows = await tx
    .selectFrom("service")
    .leftJoin("check_definition", "check_definition.id", "service.check_id")
    .select(["service.id", "service.host_id", "service.check_id", "service.name", "check_definition.name as check"])
    .where(isOnHosts)
    .execute();
  const services = rows.map((row) => toStoredService(row, wanted));
  await tx
    .updateTable("service")
    .set({ max_check_attempts: attemptsOfCheck })
    .where(isOnHosts)
    .where(sql<boolean>`check_id in ${idList(dialect, checkIds)}`)
    .where(sql<boolean>`max_check_attempts <> ${attemptsOfCheck}`)
    .execute();
  const planned = planServices(checks, hosts, services);
  const plan = await withHostChecks(tx, dialect, planned, checks, hosts, "keep", nowMs);
  return await carryOut(tx, dialect, plan, checks, "keep", nowMs);
}

const attemptsOfCheck = sql<number>`(select check_definition.max_check_attempts from check_definition where check_definition.id = service.check_id)`;

interface NamedServiceRow {
  readonly id: number;
  readonly host_id: number;
  readonly check_id: number | null;
  readonly name: string;
  readonly check: string | null;
}

/** A service as checks of these ids are planned beside it: those of others keep their names. */
function toStoredService(row: NamedServiceRow, planned: ReadonlySet<number>): StoredService {
  const isOwn = row.check_id !== null && planned.has(row.check_id);
  const claimant = row.check_id === null ? "a passive service" : `check "${row.check}"`;
  const { id, host_id: hostId, check_id: checkId, name } = row;
  return { id, hostId, checkId, name, claimant: isOwn ? null : claimant };
}

async function carryOut(
  tx: Executor,
  dialect: Dialect,
  plan: ServicePlan,
  checks: readonly SyncedCheck[],
  onConflict: OnConflict,
  nowMs: number,
): Promise<ServicePlan> {
  if (onConflict === "refuse" && plan.conflicts.length > 0) throw new ConflictError(describeConflicts(plan.conflicts));
  await deleteServices(
    tx,
    dialect,
    plan.remove.map((removal) => removal.serviceId),
  );
  for (const rename of plan.rename) {
    await tx
      .updateTable("service")
      .set({ name: rename.to, updated_at_ms: nowMs })
      .where("id", "=", rename.serviceId)
      .execute();
  }
  const byId = new Map(checks.map((check) => [check.id, check]));
  const agentHosts = await findAgentHosts(tx, dialect, [...new Set(plan.create.map(({ hostId }) => hostId))]);
  const created = plan.create.flatMap(({ hostId, checkId, name }) => {
    const check = byId.get(checkId);
    if (check === undefined) return [];
    const isExpected = check.overdueAfterMs !== null && agentHosts.has(hostId);
    return {
      hostId,
      name,
      checkId,
      maxCheckAttempts: check.maxCheckAttempts,
      freshnessSeconds: null,
      notes: "",
      overdueAtMs: isExpected ? nowMs + (check.overdueAfterMs ?? 0) + firstResultGraceMs : null,
    };
  });
  await createServices(tx, dialect, created, nowMs);
  return plan;
}

/** Deletes services with their history; raw results stay until retention takes them. */
export async function deleteServices(tx: Executor, dialect: Dialect, ids: readonly number[]): Promise<void> {
  for (const chunk of chunksOf(ids, idsPerQuery)) {
    await tx
      .deleteFrom("service")
      .where(sql<boolean>`id in ${idList(dialect, chunk)}`)
      .execute();
  }
}

/**
 * Hosts that checks can match or have services on. Those of a check that names its hosts one by one are found by name: an import brings thousands
 * of such checks, and reading all hosts for each would take as long as their product.
 */
async function findHostsConcerned(
  tx: Executor,
  dialect: Dialect,
  checks: readonly PlannedCheck[],
  services: readonly StoredService[],
  told: readonly number[],
): Promise<PlannedHost[]> {
  const named = checks.map((check) => exactHosts(check.selector));
  if (named.some((names) => names === null)) return await findPlannedHosts(tx, dialect);
  const ids = new Set([...told, ...services.flatMap(({ hostId, claimant }) => (claimant === null ? hostId : []))]);
  for (const chunk of chunksOf([...new Set(named.flatMap((names) => names ?? []))], 500)) {
    for (const row of await tx.selectFrom("host").select("id").where("name", "in", chunk).execute()) ids.add(row.id);
  }
  const hosts: PlannedHost[] = [];
  for (const chunk of chunksOf([...ids], idsPerQuery)) hosts.push(...(await findPlannedHosts(tx, dialect, chunk)));
  return hosts;
}

/** The checks' own services, and others' that have one of their names; of all hosts, or those of a list of ids. */
export async function findServicesAround(
  executor: Executor,
  checks: readonly PlannedCheck[],
  hostIds?: RawBuilder<unknown>,
): Promise<StoredService[]> {
  const ids = checks.map((check) => check.id);
  const names = checks.map((check) => check.serviceName ?? check.name);
  if (ids.length === 0) return [];
  const all = executor.selectFrom("service");
  const rows = await (hostIds === undefined ? all : all.where(sql<boolean>`service.host_id in ${hostIds}`))
    .leftJoin("check_definition", "check_definition.id", "service.check_id")
    .select(["service.id", "service.host_id", "service.check_id", "service.name", "check_definition.name as check"])
    .where((eb) => eb.or([eb("service.check_id", "in", ids), eb("service.name", "in", names)]))
    .execute();
  const planned = new Set(ids);
  return rows.map((row) => toStoredService(row, planned));
}

/** Of these, the hosts whose checks somebody runs: their own agent, or a prober. */
async function findAgentHosts(
  executor: Executor,
  dialect: Dialect,
  hostIds: readonly number[],
): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  for (const chunk of chunksOf(hostIds, idsPerQuery)) {
    const isOne = sql<boolean>`host_id in ${idList(dialect, chunk)}`;
    const agents = executor.selectFrom("agent").select("host_id").where("revoked_at_ms", "is", null).where(isOne);
    const probed = executor.selectFrom("host_prober").select("host_id").where(isOne);
    for (const { host_id: id } of [...(await agents.execute()), ...(await probed.execute())]) found.add(id);
  }
  return found;
}
