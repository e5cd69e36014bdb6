import type { ServiceSelector } from "@mycloud/protocol/selector";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { isPerObject, type LiveDowntime, spanOfAll } from "../downtime/downtime-effect.ts";
import { loadLiveDowntimes } from "../downtime/load-live-downtimes.ts";
import { coversHostItselfSql, matchesServiceSql } from "./selector-predicate.ts";

/** Conditions that a row of `host`, or of `service` joined with its `host`, is in a downtime now. */
export interface InDowntime {
  readonly host: RawBuilder<SqlBool>;
  readonly service: RawBuilder<SqlBool>;
}

/**
 * Reads the active downtimes and turns their selectors into conditions, so that a list shows and filters by downtime, services added a
 * moment ago included, without a row for each member. Flexible ones have such rows, as each object's began by itself.
 */
export async function findInDowntime(executor: Executor, dialect: Dialect, nowMs: number): Promise<InDowntime> {
  const live = await loadLiveDowntimes(executor, nowMs);
  const active = live.filter((downtime) => {
    const span = spanOfAll(downtime);
    return span !== null && span.fromMs <= nowMs && nowMs < span.untilMs;
  });
  const { plain, others } = separatePlain(active);
  const hosts: RawBuilder<SqlBool>[] = [];
  const services: RawBuilder<SqlBool>[] = [];
  if (plain.hosts.size > 0) hosts.push(sql<SqlBool>`host.name in ${nameList(dialect, plain.hosts)}`);
  for (const [service, names] of plain.services) {
    services.push(sql<SqlBool>`(service.name = ${service} and host.name in ${nameList(dialect, names)})`);
  }
  for (const { selector, customer } of others) {
    // A customer's own downtime never reaches beyond that customer's hosts, whatever its selector says.
    const within = customer === null ? sql`1 = 1` : sql`host.customer = ${customer}`;
    hosts.push(sql<SqlBool>`(${within} and ${coversHostItselfSql(dialect.kind, selector)})`);
    services.push(sql<SqlBool>`(${within} and ${matchesServiceSql(dialect.kind, selector)})`);
  }
  if (live.some(isPerObject)) {
    hosts.push(isActivated(sql`activation.host_id = host.id and activation.service_id is null`, nowMs));
    services.push(isActivated(sql`activation.service_id = service.id`, nowMs));
  }
  return { host: anyOf(hosts), service: anyOf(services) };
}

/**
 * Most downtimes name one host or one service, and tools of Nagios' world make hundreds of them at once: those become lists of names, where a
 * condition each would be more than SQLite nests.
 */
function separatePlain(downtimes: readonly LiveDowntime[]) {
  const plain = { hosts: new Set<string>(), services: new Map<string, Set<string>>() };
  const others: LiveDowntime[] = [];
  for (const downtime of downtimes) {
    const named = namesOf(downtime.selector);
    if (named === null || downtime.customer !== null) others.push(downtime);
    else if (named.service === null) plain.hosts.add(named.host);
    else plain.services.set(named.service, (plain.services.get(named.service) ?? new Set()).add(named.host));
  }
  return { plain, others };
}

/** The one host itself, or the one service, that a selector names; null when it may cover more. Pure. */
export function namesOf(selector: ServiceSelector): { readonly host: string; readonly service: string | null } | null {
  const { hosts, services, groups, labels, anyOf: narrower } = selector;
  const [host] = hosts ?? [];
  if (hosts?.length !== 1 || host === undefined || groups !== undefined || labels !== undefined) return null;
  if (services === undefined || services.length > 1 || narrower !== undefined) return null;
  const [service = null] = services;
  return isName(host) && (service === null || isName(service)) ? { host, service } : null;
}

function isName(pattern: string): boolean {
  return !/^!|[*?]/.test(pattern);
}

function nameList(dialect: Dialect, names: ReadonlySet<string>): RawBuilder<unknown> {
  if (dialect.kind === "sqlite") return sql`(select value from json_each(${JSON.stringify([...names])}))`;
  return sql`(${sql.join([...names])})`;
}

function isActivated(object: RawBuilder<unknown>, nowMs: number): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (select 1 from downtime_activation activation where ${object}
    and activation.ended_at_ms is null and activation.started_at_ms <= ${nowMs} and activation.ends_at_ms > ${nowMs})`;
}

function anyOf(conditions: readonly RawBuilder<SqlBool>[]): RawBuilder<SqlBool> {
  return conditions.length === 0 ? sql<SqlBool>`(1 = 0)` : sql<SqlBool>`(${sql.join(conditions, sql` or `)})`;
}
