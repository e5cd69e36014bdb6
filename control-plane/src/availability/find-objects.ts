import type { AvailabilityQuery } from "@mycloud/protocol/availability";
import { ServiceGroupInput } from "@mycloud/protocol/group";
import { ServiceSelector } from "@mycloud/protocol/selector";
import { sql } from "kysely";
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

/** All hosts and services a report is of, in the order of their names, each host before its services. */
export async function findReportedObjects(
  executor: Executor,
  dialect: Dialect,
  scope: Scope,
  query: AvailabilityQuery,
): Promise<ReportedObject[]> {
  const selectors = await selectorsOf(executor, query);
  const within = scope.kind === "all" ? sql<boolean>`1 = 1` : sql<boolean>`host.customer = ${scope.customer}`;
  const found: ReportedObject[] = [];
  if (query.only !== "services") {
    const rows = await executor
      .selectFrom("host")
      .select(["host.id", "host.name"])
      .where(within)
      .where((eb) => eb.and(selectors.map((selector) => coversHostItselfSql(dialect.kind, selector))))
      .execute();
    for (const { id, name } of rows) found.push({ hostId: id, hostName: name, serviceId: null, serviceName: null });
  }
  if (query.only !== "hosts") {
    const rows = await executor
      .selectFrom("service")
      .innerJoin("host", "host.id", "service.host_id")
      .select(["service.id", "service.name", "host.id as host_id", "host.name as host_name"])
      .where(within)
      .where((eb) => eb.and(selectors.map((selector) => matchesServiceSql(dialect.kind, selector))))
      .execute();
    for (const row of rows) {
      found.push({ hostId: row.host_id, hostName: row.host_name, serviceId: row.id, serviceName: row.name });
    }
  }
  return found.sort(
    (a, b) => compareText(a.hostName, b.hostName) || compareText(a.serviceName ?? "", b.serviceName ?? ""),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
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
