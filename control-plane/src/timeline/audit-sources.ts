import { storedKinds } from "@mycloud/protocol/definition";
import type { TimelineKind } from "@mycloud/protocol/timeline";
import { type RawBuilder, sql } from "kysely";
import { countBins } from "./count-bins.ts";
import { conditionOfPlace } from "./object-sources.ts";
import type { SourceEntry, SourceQuestion, TimelineSource } from "./source.ts";

interface AuditRow {
  readonly id: number;
  readonly at_ms: number;
  readonly actor_name: string;
  readonly action: string;
  readonly resource_kind: string;
  readonly resource_id: string | null;
  readonly resource_name: string | null;
}

const definitionKinds = [
  "host",
  "service",
  "check",
  "contact",
  "notification-rule",
  ...Object.values(storedKinds).map(({ title }) => title.replaceAll(" ", "-")),
];

const isSwitch = sql`action like '%.switch'`;

/** Changes of definitions and operators' commands, as the audit has them. What has sources of its own (downtimes, comments, ...) is left to those. */
export const auditSources: readonly TimelineSource[] = [
  source("definition", sql`resource_kind in (${sql.join(definitionKinds)}) and not ${isSwitch}`),
  source("command", sql`(resource_kind in ('agent-command', 'program', 'notification') or ${isSwitch})`),
];

function source(kind: TimelineKind, condition: RawBuilder<unknown>): TimelineSource {
  return {
    kind,
    async read(question) {
      const { executor, limit } = question;
      const { rows } = await sql<AuditRow>`
        select id, at_ms, actor_name, action, resource_kind, resource_id, resource_name from audit_entry
        where ${conditionOfPlace(sql`at_ms`, sql`id`, question)} and ${condition} and ${conditionOfSubject(question)}
        order by at_ms desc, id desc limit ${limit}`.execute(executor);
      return rows.map((row) => entryOf(kind, row, question));
    },
    count: (question) =>
      countBins(
        question,
        sql`select at_ms, null as severity from audit_entry
          where ${conditionOfPlace(sql`at_ms`, sql`id`, { ...question, last: null })} and ${condition} and ${conditionOfSubject({ ...question, last: null })}
          order by at_ms desc limit ${question.limit}`,
      ),
  };
}

/** What of the audit is of these hosts; those bound to a customer see what was done to their own hosts, and nothing that is everybody's. */
function conditionOfSubject({ scope, subject, dialect }: SourceQuestion): RawBuilder<unknown> {
  const { hosts, service } = subject;
  if (hosts === null) {
    if (scope.kind === "all") return sql`1 = 1`;
    const own = sql`select ${textOf(dialect.kind, sql`host.id`)} from host where host.customer = ${scope.customer}`;
    return sql`resource_kind = 'host' and resource_id in (${own})`;
  }
  const parts: RawBuilder<unknown>[] = [];
  const hostIds = hosts.map((host) => String(host.id));
  const services = hosts.flatMap((host) => [...host.servicesByName.values()]);
  const serviceIds =
    service === null ? [] : service === undefined ? services.map(({ id }) => String(id)) : [String(service.id)];
  if (hostIds.length > 0) parts.push(sql`(resource_kind = 'host' and resource_id in (${sql.join(hostIds)}))`);
  if (serviceIds.length > 0) parts.push(sql`(resource_kind = 'service' and resource_id in (${sql.join(serviceIds)}))`);
  if (scope.kind === "all") {
    const ids = serviceIds.length === 0 ? sql`null` : sql.raw(serviceIds.map(Number).join(","));
    const checks = sql`select ${textOf(dialect.kind, sql`service.check_id`)} from service where service.id in (${ids})`;
    parts.push(sql`(resource_kind = 'check' and resource_id in (${checks}))`);
    for (const id of hostIds) {
      parts.push(sql`(resource_kind = 'agent-command' and instr(after_json, ${`"hostId":${id},`}) > 0)`);
    }
  }
  return parts.length === 0 ? sql`1 = 0` : sql`(${sql.join(parts, sql` or `)})`;
}

/** A number as text that compares with a column of text. */
function textOf(kind: "sqlite" | "mariadb", number: RawBuilder<unknown>): RawBuilder<unknown> {
  return kind === "sqlite"
    ? sql`cast(${number} as text)`
    : sql`convert(cast(${number} as char) using utf8mb4) collate utf8mb4_nopad_bin`;
}

function entryOf(kind: TimelineKind, row: AuditRow, { subject }: SourceQuestion): SourceEntry {
  const named =
    row.resource_kind === "host" ? subject.hosts?.find(({ id }) => String(id) === row.resource_id) : undefined;
  const [only] = subject.hosts?.length === 1 ? subject.hosts : [];
  const host = named ?? only;
  const hostId =
    row.resource_kind === "host" && row.resource_id !== null ? Number(row.resource_id) : (host?.id ?? null);
  return {
    id: row.id,
    entry: {
      key: `audit-${row.id}`,
      kind,
      atMs: row.at_ms,
      hostId,
      hostName: row.resource_kind === "host" ? (host?.name ?? row.resource_name) : (host?.name ?? null),
      serviceId: row.resource_kind === "service" && row.resource_id !== null ? Number(row.resource_id) : null,
      serviceName: row.resource_kind === "service" ? serviceNameOf(row.resource_name) : null,
      title: `${row.action}${row.resource_name === null ? "" : ` ${row.resource_name}`}`,
      detail: "",
      author: row.actor_name,
      state: null,
      stateType: null,
    },
  };
}

/** Audit names a service `host/service`. */
function serviceNameOf(name: string | null): string | null {
  return name === null ? null : name.slice(name.indexOf("/") + 1);
}
