import type { SelectorPreview } from "@mycloud/protocol/preview";
import type { ServiceSelector } from "@mycloud/protocol/selector";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { coversHostItselfSql, matchesServiceSql, shownHostStateOf, shownServiceStateOf } from "../monitored/index.ts";
import type { Scope } from "../scope/index.ts";

const shown = 30;

/** What a selector covers of what is in scope: how many, and the first of them. */
export async function previewSelector(
  executor: Executor,
  { kind }: Dialect,
  scope: Scope,
  selector: ServiceSelector,
): Promise<SelectorPreview> {
  const allHosts = executor
    .selectFrom("host")
    .innerJoin("host_state", "host_state.host_id", "host.id")
    .where(coversHostItselfSql(kind, selector));
  const hosts = scope.kind === "all" ? allHosts : allHosts.where("host.customer", "=", scope.customer);
  const allServices = executor
    .selectFrom("service")
    .innerJoin("host", "host.id", "service.host_id")
    .innerJoin("service_state", "service_state.service_id", "service.id")
    .where(matchesServiceSql(kind, selector));
  const services = scope.kind === "all" ? allServices : allServices.where("host.customer", "=", scope.customer);
  const countOfHosts = await hosts.select((eb) => eb.fn.countAll().as("count")).executeTakeFirstOrThrow();
  const countOfServices = await services.select((eb) => eb.fn.countAll().as("count")).executeTakeFirstOrThrow();
  const firstHosts = await hosts
    .select(["host.id", "host.name", "state", "is_stale", "has_been_checked"])
    .orderBy("host.name")
    .limit(shown)
    .execute();
  const firstServices = await services
    .select(["service.id", "service.name", "host.name as host_name", "state", "is_stale", "has_been_checked"])
    .orderBy("host.name")
    .orderBy("service.name")
    .limit(shown)
    .execute();
  return {
    hostCount: Number(countOfHosts.count),
    serviceCount: Number(countOfServices.count),
    hosts: firstHosts.map((row) => ({ id: row.id, name: row.name, state: shownHostStateOf(row) })),
    services: firstServices.map((row) => ({
      id: row.id,
      hostName: row.host_name,
      name: row.name,
      state: shownServiceStateOf(row),
    })),
  };
}
