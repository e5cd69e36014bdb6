import { findPlannedHosts } from "../check/find-planned-hosts.ts";
import { findSyncedChecks } from "../check/find-synced-checks.ts";
import { planHostChecks } from "../check/plan-host-checks.ts";
import { planServices } from "../check/plan-services.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { readConsistently } from "../database/read-consistently.ts";
import { syncSteps } from "./plan-steps.ts";
import type { ApplyStep } from "./step.ts";
import type { TouchedHost } from "./touched-hosts.ts";

/** What is still to be done for services, when a large change is carried out, and how many services that is. */
export interface Leftovers {
  readonly steps: readonly ApplyStep[];
  readonly services: number;
}

/**
 * Finds services that are not what the stored checks and hosts amount to. There are some when somebody saved a check or a host, or an agent told of itself, while a
 * large change was carried out: the services of that save followed what was stored then, and of what was written afterwards over it the plan knew nothing. What is
 * in conflict stays as it is. Reads every service: for the planner's thread.
 */
export async function planLeftovers(database: ConnectedDatabase): Promise<Leftovers> {
  return await readConsistently(database, async (executor) => {
    const checks = await findSyncedChecks(executor);
    const hosts = await findPlannedHosts(executor, database.dialect);
    const services = await findServices(executor);
    const plan = planServices(checks, hosts, services);
    const told = await executor.selectFrom("host_check").select(["host_id", "check_id"]).execute();
    const toldBy = new Map(told.map((row) => [row.host_id, row.check_id]));
    const ofHosts = planHostChecks(
      checks,
      hosts,
      told.map((row) => ({ hostId: row.host_id, checkId: row.check_id, claimant: null })),
    );
    const checkOf = new Map(services.map(({ id, checkId }) => [id, checkId]));
    const attempts = new Map(checks.map(({ id, maxCheckAttempts }) => [id, maxCheckAttempts]));
    const touched: readonly (readonly [number, number | null | undefined])[] = [
      ...plan.create.map(({ hostId, checkId }) => [hostId, checkId] as const),
      ...[...plan.rename, ...plan.remove].map(({ hostId, serviceId }) => [hostId, checkOf.get(serviceId)] as const),
      ...ofHosts.set.flatMap(({ hostId, checkId }) => [
        [hostId, checkId] as const,
        [hostId, toldBy.get(hostId)] as const,
      ]),
      ...ofHosts.clear.map((hostId) => [hostId, toldBy.get(hostId)] as const),
      ...services.flatMap(({ hostId, checkId, maxCheckAttempts }) =>
        checkId === null || attempts.get(checkId) === maxCheckAttempts ? [] : [[hostId, checkId] as const],
      ),
    ];
    const nameOf = new Map(checks.map(({ id, name }) => [id, name]));
    const checksByHost = new Map<number, Set<string>>();
    for (const [hostId, checkId] of touched) {
      const name = typeof checkId === "number" ? nameOf.get(checkId) : undefined;
      if (name === undefined) continue;
      checksByHost.set(hostId, (checksByHost.get(hostId) ?? new Set()).add(name));
    }
    const synced = hosts.flatMap(({ id, name }): TouchedHost[] => {
      const names = checksByHost.get(id);
      return names === undefined ? [] : [{ host: name, checks: [...names] }];
    });
    return { steps: syncSteps(synced), services: synced.reduce((sum, { checks: names }) => sum + names.length, 0) };
  });
}

async function findServices(executor: Executor) {
  const rows = await executor
    .selectFrom("service")
    .select(["id", "host_id", "check_id", "name", "max_check_attempts"])
    .execute();
  return rows.map((row) => ({
    id: row.id,
    hostId: row.host_id,
    checkId: row.check_id,
    name: row.name,
    maxCheckAttempts: row.max_check_attempts,
    claimant: row.check_id === null ? "a passive service" : null,
  }));
}
