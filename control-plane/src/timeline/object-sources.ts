import type { TimelineEntry, TimelineKind } from "@mycloud/protocol/timeline";
import { type RawBuilder, sql } from "kysely";
import { idList } from "../monitored/index.ts";
import { countBins, severitySql } from "./count-bins.ts";
import type { CountQuestion, SourceQuestion, TimelineSource } from "./source.ts";

/** A row of any source that is of a host or service. */
interface ObjectRow {
  readonly id: number;
  readonly at_ms: number;
  readonly host_id: number;
  readonly host_name: string;
  readonly service_id: number | null;
  readonly service_name: string | null;
  readonly author: string | null;
  readonly detail: string | null;
  readonly a: string | null;
  readonly b: string | null;
  readonly c: number | string | null;
}

interface ObjectSourceDefinition {
  readonly name: string;
  readonly kind: TimelineKind;
  readonly table: string;
  /** Column of the instant. */
  readonly at: string;
  /** Joined to the table, called `own`. */
  readonly join?: string;
  /** SQL of the columns; left out = null. */
  readonly author?: string;
  readonly detail?: string;
  readonly a?: string;
  readonly b?: string;
  readonly c?: string;
  readonly where?: string;
  readonly hasService?: boolean;
  readonly describe: (row: ObjectRow) => Pick<TimelineEntry, "title"> & Partial<TimelineEntry>;
}

const definitions: readonly ObjectSourceDefinition[] = [
  {
    name: "state",
    kind: "state",
    table: "state_change",
    at: "at_ms",
    detail: "own.output",
    a: "own.from_state",
    b: "own.to_state",
    c: "concat(own.is_hard, own.kind)",
    describe: ({ a, b, c }) => ({
      title: changeInWords(String(c).slice(1), a ?? "", b ?? ""),
      state: b,
      stateType: String(c).startsWith("1") ? "HARD" : "SOFT",
    }),
  },
  {
    name: "notification",
    kind: "notification",
    table: "notification",
    at: "created_at_ms",
    detail: "own.subject",
    a: "own.contact_name",
    b: "own.phase",
    c: "own.channel",
    describe: ({ a, b, c }) => ({ title: `${b === "sent" ? "told" : `message (${b}) to`} ${a} by ${c}` }),
  },
  {
    name: "acknowledged",
    kind: "acknowledgement",
    table: "acknowledgement",
    at: "created_at_ms",
    author: "own.author_name",
    detail: "own.comment",
    describe: () => ({ title: "acknowledged" }),
  },
  {
    name: "acknowledgement-ended",
    kind: "acknowledgement",
    table: "acknowledgement",
    at: "ended_at_ms",
    detail: "own.comment",
    a: "own.end_reason",
    describe: ({ a }) => ({ title: `acknowledgement ended: ${a ?? "removed"}` }),
  },
  {
    name: "activation",
    kind: "downtime",
    table: "downtime_activation",
    at: "started_at_ms",
    join: "join downtime on downtime.id = own.downtime_id",
    author: "downtime.author_name",
    detail: "downtime.comment",
    describe: () => ({ title: "flexible downtime began" }),
  },
  {
    name: "activation-ended",
    kind: "downtime",
    table: "downtime_activation",
    at: "ended_at_ms",
    join: "join downtime on downtime.id = own.downtime_id",
    author: "downtime.author_name",
    detail: "downtime.comment",
    describe: () => ({ title: "flexible downtime ended" }),
  },
  {
    name: "comment",
    kind: "comment",
    table: "comment",
    at: "created_at_ms",
    author: "own.author_name",
    detail: "own.text",
    where: "own.kind = 'user'",
    describe: () => ({ title: "comment" }),
  },
  {
    name: "agent",
    kind: "agent",
    table: "agent_event",
    at: "at_ms",
    a: "own.from_version",
    b: "own.to_version",
    c: "own.kind",
    hasService: false,
    describe: ({ a, b, c }) => ({
      title: c === "upgrade" ? `agent changed from ${a} to ${b}` : `agent ${b} started`,
    }),
  },
];

function changeInWords(kind: string, from: string, to: string): string {
  if (kind === "flapping-start") return `started flapping, ${to}`;
  if (kind === "flapping-stop") return `stopped flapping, ${to}`;
  if (kind === "stale-start") return `${from} to STALE: no result in time`;
  return from === to ? `still ${to}` : `${from} to ${to}`;
}

/** Sources whose rows are each of one host or service. */
export const objectSources: readonly TimelineSource[] = definitions.map(objectSource);

/** A table whose rows are each of one host or service, as a source. */
export function objectSource(definition: ObjectSourceDefinition): TimelineSource {
  return {
    kind: definition.kind,
    read: (question) => readObjectSource(definition, question),
    count: (question) => countObjectSource(definition, question),
  };
}

function conditionsOf(
  { at, where, kind, hasService = true }: ObjectSourceDefinition,
  question: SourceQuestion,
): RawBuilder<unknown> {
  const conditions = [
    conditionOfPlace(sql.raw(`own.${at}`), sql`own.id`, question),
    conditionOfSubject(question, hasService),
    ...(where === undefined ? [] : [sql.raw(where)]),
    ...(kind === "state" && question.severities !== null
      ? [sql`${severitySql} in (${sql.join(question.severities)})`]
      : []),
  ];
  return sql.join(conditions, sql` and `);
}

async function countObjectSource(definition: ObjectSourceDefinition, question: CountQuestion) {
  const { table, at, join = "", kind } = definition;
  // The host is needed for nothing but the scope.
  const hosts = question.scope.kind === "all" ? sql`` : sql`join host on host.id = own.host_id`;
  const instant = sql.raw(`own.${at}`);
  return await countBins(
    question,
    sql`select ${instant} as at_ms, ${kind === "state" ? severitySql : sql`null`} as severity
      from ${sql.table(table)} as own ${hosts} ${sql.raw(join)}
      where ${conditionsOf(definition, { ...question, last: null })}
      order by ${instant} desc limit ${question.limit}`,
  );
}

async function readObjectSource(definition: ObjectSourceDefinition, question: SourceQuestion) {
  const { name, kind, table, at, join = "", hasService = true } = definition;
  const column = (text: string | undefined) => (text === undefined ? sql`null` : sql.raw(text));
  const service = hasService ? sql`own.service_id` : sql`null`;
  const { rows } = await sql<ObjectRow>`
    select own.id, own.${sql.ref(at)} as at_ms, host.id as host_id, host.name as host_name, ${service} as service_id,
      service.name as service_name, ${column(definition.author)} as author, ${column(definition.detail)} as detail,
      ${column(definition.a)} as a, ${column(definition.b)} as b, ${column(definition.c)} as c
    from ${sql.table(table)} as own
    join host on host.id = own.host_id
    left join service on service.id = ${service}
    ${sql.raw(join)}
    where ${conditionsOf(definition, question)}
    order by own.${sql.ref(at)} desc, own.id desc
    limit ${question.limit}`.execute(question.executor);
  return rows.map((row) => ({
    id: row.id,
    entry: {
      key: `${name}-${row.id}`,
      kind,
      atMs: row.at_ms,
      hostId: row.host_id,
      hostName: row.host_name,
      serviceId: row.service_id,
      serviceName: row.service_name,
      detail: row.detail ?? "",
      author: row.author,
      state: null,
      stateType: null,
      ...definition.describe(row),
    },
  }));
}

/** The condition that a row lies in the range and behind the place where the page begins. */
export function conditionOfPlace(
  at: RawBuilder<unknown>,
  id: RawBuilder<unknown>,
  { fromMs, untilMs, last }: Pick<SourceQuestion, "fromMs" | "untilMs" | "last">,
): RawBuilder<unknown> {
  const inRange = sql`${at} >= ${fromMs} and ${at} < ${untilMs}`;
  if (last === null) return inRange;
  if (last.belowId === "all") return sql`${inRange} and ${at} <= ${last.atMs}`;
  if (last.belowId === "none") return sql`${inRange} and ${at} < ${last.atMs}`;
  return sql`${inRange} and (${at} < ${last.atMs} or (${at} = ${last.atMs} and ${id} < ${last.belowId}))`;
}

function conditionOfSubject({ dialect, scope, subject }: SourceQuestion, hasService: boolean): RawBuilder<unknown> {
  const within = scope.kind === "all" ? sql`1 = 1` : sql`host.customer = ${scope.customer}`;
  const { hosts, service } = subject;
  if (hosts === null) return within;
  const ids = hosts.map((host) => host.id);
  const ofHosts = sql`${within} and own.host_id in ${idList(dialect, ids)}`;
  // An agent's start is of the host, and shown with each of its services.
  if (service === undefined || !hasService) return ofHosts;
  return service === null
    ? sql`${ofHosts} and own.service_id is null`
    : sql`${ofHosts} and own.service_id = ${service.id}`;
}
