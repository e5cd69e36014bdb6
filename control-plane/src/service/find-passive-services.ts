import { type PassiveServiceInput, PassiveServiceSettings } from "@mycloud/protocol/service";
import { sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { idList, mayNameSql, type Named } from "../monitored/index.ts";
import type { Scope } from "../scope/index.ts";

/** All passive services in the scope with their host's name, for export and apply. */
export async function findAllPassiveServices(
  executor: Executor,
  scope: Scope,
  naming?: Named,
): Promise<(PassiveServiceInput & { id: number; hostName: string })[]> {
  const services = passiveServices(executor);
  const inScope = scope.kind === "all" ? services : services.where("host.customer", "=", scope.customer);
  const columns = { settings: "service.settings_json", id: "service.id", use: "template_use.service_id" };
  const rows = await (naming === undefined
    ? inScope
    : naming.kind === "Host"
      ? inScope.where("host.name", "=", naming.name)
      : inScope.where(mayNameSql(naming, columns))
  )
    .select(passiveColumns)
    .orderBy("host.name")
    .orderBy("service.name")
    .execute();
  return rows.map(toPassive);
}

/** As `findAllPassiveServices`, of some hosts and so many at a time, behind the service of an earlier page. */
export async function findPassiveServicesPage(
  executor: Executor,
  dialect: Dialect,
  hostIds: readonly number[],
  {
    after,
    limit,
  }: { readonly after: { readonly hostName: string; readonly name: string } | null; readonly limit: number },
): Promise<(PassiveServiceInput & { id: number; hostName: string })[]> {
  const ofHosts = passiveServices(executor).where(sql<boolean>`service.host_id in ${idList(dialect, hostIds)}`);
  const behind =
    after === null
      ? ofHosts
      : ofHosts.where((eb) =>
          eb.or([
            eb("host.name", ">", after.hostName),
            eb.and([eb("host.name", "=", after.hostName), eb("service.name", ">", after.name)]),
          ]),
        );
  const rows = await behind.select(passiveColumns).orderBy("host.name").orderBy("service.name").limit(limit).execute();
  return rows.map(toPassive);
}

/** Those that are defined by themselves: not of checks, and not kept by another concept. */
function passiveServices(executor: Executor) {
  return executor
    .selectFrom("service")
    .innerJoin("host", "host.id", "service.host_id")
    .where("service.check_id", "is", null)
    .where("service.managed_by", "is", null);
}

const passiveColumns = [
  "service.id",
  "service.host_id",
  "service.name",
  "service.max_check_attempts",
  "service.notes",
  "service.freshness_seconds",
  "service.settings_json",
  "host.name as host_name",
] as const;

interface PassiveRow {
  readonly id: number;
  readonly host_id: number;
  readonly name: string;
  readonly max_check_attempts: number;
  readonly notes: string;
  readonly freshness_seconds: number | null;
  readonly settings_json: string | null;
  readonly host_name: string;
}

function toPassive(row: PassiveRow): PassiveServiceInput & { id: number; hostName: string } {
  return {
    id: row.id,
    hostName: row.host_name,
    hostId: row.host_id,
    name: row.name,
    maxCheckAttempts: row.max_check_attempts,
    freshnessSeconds: row.freshness_seconds,
    notes: row.notes,
    ...PassiveServiceSettings.parse(JSON.parse(row.settings_json ?? "{}")),
  };
}
