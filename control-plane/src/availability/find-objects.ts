import type { AvailabilityQuery } from "@mycloud/protocol/availability";
import { ServiceGroupInput } from "@mycloud/protocol/group";
import { ServiceSelector } from "@mycloud/protocol/selector";
import { type RawBuilder, sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { InputError, NotFoundError } from "../error/index.ts";
import { coversHostItselfSql, matchesServiceSql } from "../monitored/index.ts";
import type { Scope } from "../scope/index.ts";

/** One host or service of a report. */
export interface ReportedObject {
  readonly hostId: number;
  readonly hostName: string;
  readonly serviceId: number | null;
  readonly serviceName: string | null;
}

/** One page of the hosts and services a report is of, in the order of their names, each host before its services; and how many there are in all. */
export async function findReportedObjects(
  executor: Executor,
  dialect: Dialect,
  scope: Scope,
  query: AvailabilityQuery,
): Promise<{ readonly page: readonly ReportedObject[]; readonly total: number }> {
  const selectors = await selectorsOf(executor, query);
  const within = scope.kind === "all" ? sql`1 = 1` : sql`host.customer = ${scope.customer}`;
  const passing = (conditions: readonly RawBuilder<unknown>[]) => sql.join([within, ...conditions], sql` and `);
  const halves: RawBuilder<unknown>[] = [];
  if (query.only !== "services") {
    const covered = selectors.map((selector) => coversHostItselfSql(dialect.kind, selector));
    halves.push(sql`select host.id as host_id, host.name as host_name, null as service_id, null as service_name
      from host where ${passing(covered)}`);
  }
  if (query.only !== "hosts") {
    const matching = selectors.map((selector) => matchesServiceSql(dialect.kind, selector));
    halves.push(sql`select host.id as host_id, host.name as host_name, service.id as service_id, service.name as service_name
      from service join host on host.id = service.host_id where ${passing(matching)}`);
  }
  const objects = sql`(${sql.join(halves, sql` union all `)}) as object`;
  const counted = await sql<{ total: number }>`select count(*) as total from ${objects}`.execute(executor);
  // The whole fleet is sorted where it is: a page of it is all that comes here. Null, the host itself, comes first.
  const { rows } = await sql<{
    host_id: number;
    host_name: string;
    service_id: number | null;
    service_name: string | null;
  }>`
    select * from ${objects} order by host_name, service_name, service_id
    limit ${query.perPage} offset ${(query.page - 1) * query.perPage}`.execute(executor);
  return {
    page: rows.map((row) => ({
      hostId: row.host_id,
      hostName: row.host_name,
      serviceId: row.service_id,
      serviceName: row.service_name,
    })),
    total: Number(counted.rows[0]?.total ?? 0),
  };
}

/** Everything in a report passes all of these. */
async function selectorsOf(executor: Executor, query: AvailabilityQuery): Promise<ServiceSelector[]> {
  const { host, group, service, serviceGroup, selector } = query;
  const own: ServiceSelector = {
    ...(host === undefined ? {} : { hosts: [host] }),
    ...(group === undefined ? {} : { groups: [group] }),
    ...(service === undefined ? {} : { services: [service] }),
  };
  const selectors = [own];
  if (selector !== undefined) selectors.push(parseSelector(selector));
  if (serviceGroup !== undefined) selectors.push(await selectorOfGroup(executor, serviceGroup));
  return selectors;
}

function parseSelector(text: string): ServiceSelector {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new InputError(`selector is not JSON: ${message}`, [{ field: "selector", message }]);
  }
  const parsed = ServiceSelector.safeParse(value);
  if (parsed.success) return parsed.data;
  const message = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
  throw new InputError(`selector: ${message}`, [{ field: "selector", message }]);
}

async function selectorOfGroup(executor: Executor, name: string): Promise<ServiceSelector> {
  const row = await executor
    .selectFrom("definition")
    .select("spec_json")
    .where("kind", "=", "ServiceGroup")
    .where("name", "=", name)
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError(`there is no service group ${name}`);
  return ServiceGroupInput.parse({ ...Object(JSON.parse(row.spec_json)), name }).selector;
}
