import type { HostSelector, ServiceSelector } from "@mycloud/protocol/selector";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Dialect } from "../database/dialect/dialect.ts";
import { escapeLike } from "./escape-like.ts";

type DialectKind = Dialect["kind"];
type Condition = RawBuilder<SqlBool>;

const always: Condition = sql<SqlBool>`1 = 1`;
const never: Condition = sql<SqlBool>`1 = 0`;

/** The condition that a text matches a pattern of `*` and `?`, as `matchesPattern` says. */
export function matchesPatternSql(kind: DialectKind, column: string, pattern: string): Condition {
  const text = sql.ref(column);
  if (!/[*?]/.test(pattern)) return sql<SqlBool>`${text} = ${pattern}`;
  // GLOB, because SQLite's LIKE ignores case; MariaDB's columns compare by code point.
  if (kind === "sqlite") return sql<SqlBool>`${text} glob ${pattern.replaceAll("[", "[[]")}`;
  const like = escapeLike(pattern).replaceAll("*", "%").replaceAll("?", "_");
  return sql<SqlBool>`${text} like ${like} escape '!'`;
}

/**
 * The condition that a row of `host` is covered by a selector: `matchesHost` in SQL. For queries that have the table `host`; a test holds
 * both against each other.
 */
export function matchesHostSql(kind: DialectKind, selector: HostSelector): Condition {
  const conditions: Condition[] = [];
  if (selector.hosts) {
    conditions.push(passesListSql(selector.hosts, (pattern) => matchesPatternSql(kind, "host.name", pattern)));
  }
  if (selector.groups) {
    const inGroup = (pattern: string) =>
      sql<SqlBool>`exists (select 1 from host_group where host_group.host_id = host.id and ${matchesPatternSql(kind, "host_group.group_name", pattern)})`;
    conditions.push(passesListSql(selector.groups, inGroup));
  }
  for (const [label, wanted] of Object.entries(selector.labels ?? {})) {
    const hasValue = (pattern: string) =>
      sql<SqlBool>`exists (select 1 from host_label where host_label.host_id = host.id and host_label.label = ${label} and ${matchesPatternSql(kind, "host_label.value", pattern)})`;
    conditions.push(passesListSql(typeof wanted === "string" ? [wanted] : wanted, hasValue));
  }
  return conditions.length === 0 ? always : sql<SqlBool>`(${sql.join(conditions, sql` and `)})`;
}

/** The condition that a row of `service` (joined with its `host`) is covered by a selector: `matchesService` in SQL. */
export function matchesServiceSql(kind: DialectKind, selector: ServiceSelector): Condition {
  const host = andAnyOf(matchesHostSql(kind, selector), selector, (one) => matchesServiceSql(kind, one));
  if (selector.services === undefined) return host;
  if (selector.services.length === 0) return never;
  const byName = passesListSql(selector.services, (pattern) => matchesPatternSql(kind, "service.name", pattern));
  return sql<SqlBool>`(${host} and ${byName})`;
}

/** The condition that the host itself, not only its services, is covered by a selector. */
export function coversHostItselfSql(kind: DialectKind, selector: ServiceSelector): Condition {
  if (selector.services !== undefined && selector.services.length > 0) return never;
  return andAnyOf(matchesHostSql(kind, selector), selector, (one) => coversHostItselfSql(kind, one));
}

function andAnyOf(
  condition: Condition,
  { anyOf }: ServiceSelector,
  toCondition: (one: ServiceSelector) => Condition,
): Condition {
  return anyOf === undefined
    ? condition
    : sql<SqlBool>`(${condition} and (${sql.join(anyOf.map(toCondition), sql` or `)}))`;
}

/** The condition that a row of `host` is in the group. */
export function inGroupSql(kind: DialectKind, group: string): Condition {
  return matchesHostSql(kind, { groups: [group] });
}

/** The condition that a row of `host` has all the labels given, each with that value (a pattern). */
export function hasLabelsSql(kind: DialectKind, labels: Readonly<Record<string, string>>): Condition {
  return matchesHostSql(kind, { labels });
}

function passesListSql(entries: readonly string[], condition: (pattern: string) => Condition): Condition {
  const excluded = entries.filter((entry) => entry.startsWith("!")).map((entry) => condition(entry.slice(1)));
  const included = entries.filter((entry) => !entry.startsWith("!")).map(condition);
  if (excluded.length === 0 && included.length === 0) return never;
  const isIncluded = included.length === 0 ? always : sql`(${sql.join(included, sql` or `)})`;
  if (excluded.length === 0) return sql<SqlBool>`${isIncluded}`;
  return sql<SqlBool>`(not (${sql.join(excluded, sql` or `)}) and ${isIncluded})`;
}
