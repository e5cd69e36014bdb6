import { HostSelector } from "@mycloud/protocol/selector";
import { type Expression, type SqlBool, sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { freshnessOfService } from "../freshness/overdue-after.ts";
import { chunksOf, computedCommands, idList, mentionsSql } from "../monitored/index.ts";
import type { PlannedCheck, PlannedHost } from "./plan-services.ts";

/** A check as planning and its services need it. */
export interface SyncedCheck extends PlannedCheck {
  readonly maxCheckAttempts: number;
  readonly overdueAfterMs: number | null;
  /** Whether the control plane works it out itself: a business rule. */
  readonly isComputed: boolean;
}

/** All checks, or those of some ids. */
export async function findSyncedChecks(executor: Executor, ids?: readonly number[]): Promise<SyncedCheck[]> {
  if (ids === undefined) return await readChecks(executor, []);
  const found: SyncedCheck[] = [];
  for (const chunk of chunksOf(ids, 500)) {
    found.push(...(await readChecks(executor, [sql<SqlBool>`id in (${sql.join(chunk)})`])));
  }
  return found;
}

/** For more hosts at once, looking for their names in every selector takes longer than reading all of them. */
const mostLookedFor = 20;

/**
 * The checks that can match one of some hosts, or have something on it already; a few others may be among them. An import brings tens of thousands of checks that name
 * their hosts one by one: reading them all for each host that is saved would hold up results for a good part of a second.
 */
export async function findChecksAround(
  executor: Executor,
  dialect: Dialect,
  hosts: readonly PlannedHost[],
): Promise<SyncedCheck[]> {
  if (hosts.length > mostLookedFor) return await readChecks(executor, []);
  const ids = idList(
    dialect,
    hosts.map(({ id }) => id),
  );
  return await readChecks(executor, [
    // Patterns, exclusions, and no hosts at all: those may be about any.
    sql<SqlBool>`selector_json not like '%"hosts":%'`,
    sql<SqlBool>`selector_json like '%*%'`,
    sql<SqlBool>`selector_json like '%?%'`,
    sql<SqlBool>`selector_json like '%"!%'`,
    ...hosts.map(({ name }) => mentionsSql("selector_json", name)),
    sql<SqlBool>`id in (select check_id from service where host_id in ${ids} and check_id is not null)`,
    sql<SqlBool>`id in (select check_id from host_check where host_id in ${ids})`,
  ]);
}

/** Those for which one of the conditions holds; all when there is none. */
async function readChecks(executor: Executor, conditions: readonly Expression<SqlBool>[]): Promise<SyncedCheck[]> {
  const all = executor.selectFrom("check_definition").selectAll().orderBy("id");
  const wanted = conditions.length === 0 ? all : all.where((eb) => eb.or([...conditions]));
  return (await wanted.execute()).map((row) => ({
    id: row.id,
    name: row.name,
    serviceName: row.service_name,
    selector: HostSelector.parse(JSON.parse(row.selector_json)),
    target: row.target === "host" ? "host" : "service",
    isComputed: computedCommands.includes(row.command),
    maxCheckAttempts: row.max_check_attempts,
    overdueAfterMs: freshnessOfService({
      isPassive: false,
      isEnabled: row.is_enabled === 1 && !computedCommands.includes(row.command),
      freshnessSeconds: null,
      checkIntervalSeconds: row.check_interval_seconds,
      timeoutSeconds: row.timeout_seconds,
    }),
  }));
}
