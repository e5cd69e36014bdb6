import { matchesService, ServiceSelector } from "@mycloud/protocol/selector";
import { sql } from "kysely";
import { conditionOfPlace } from "./object-sources.ts";
import type { SourceEntry, SourceQuestion, TimelineSource } from "./source.ts";

interface DowntimeRow {
  readonly id: number;
  readonly at_ms: number;
  readonly selector_json: string;
  readonly comment: string;
  readonly author_name: string;
  readonly customer: string | null;
}

const steps = [
  { name: "planned", at: "created_at_ms", title: "downtime planned" },
  { name: "began", at: "started_at_ms", title: "downtime began" },
  { name: "ended", at: "ended_at_ms", title: "downtime ended" },
  { name: "cancelled", at: "cancelled_at_ms", title: "downtime cancelled" },
] as const;

const rowsPerRound = 200;
/** They are counted here, not in SQL. */
const countedDowntimes = 2_000;

/** Downtimes: planned, begun, ended, cancelled. They are of whom their selector covers, so of one host they are picked here and not in SQL. */
export const downtimeSources: readonly TimelineSource[] = steps.map((step) => ({
  kind: "downtime",
  read: (question) => readDowntimes(step, question),
  async count(question) {
    const limit = Math.min(question.limit, countedDowntimes);
    const found = await readDowntimes(step, { ...question, last: null, limit });
    const bins = Map.groupBy(found, ({ entry }) => Math.floor((entry.atMs - question.fromMs) / question.binMs));
    return {
      counts: Array.from(bins, ([bin, entries]) => ({ bin, severity: null, count: entries.length })),
      countedFromMs: found.length < limit ? null : (found.at(-1)?.entry.atMs ?? null),
    };
  },
}));

async function readDowntimes(step: (typeof steps)[number], question: SourceQuestion): Promise<SourceEntry[]> {
  const found: SourceEntry[] = [];
  let { last } = question;
  for (;;) {
    const rows = await readRows(step.at, { ...question, last });
    for (const row of rows) {
      if (found.length < question.limit && covers(row, question)) found.push(entryOf(row, step, question));
    }
    const end = rows.at(-1);
    if (rows.length < rowsPerRound || end === undefined || found.length >= question.limit) return found;
    last = { atMs: end.at_ms, belowId: end.id };
  }
}

async function readRows(at: string, question: SourceQuestion): Promise<DowntimeRow[]> {
  const instant = sql.ref(at);
  const { rows } = await sql<DowntimeRow>`
    select id, ${instant} as at_ms, selector_json, comment, author_name, customer from downtime
    where ${conditionOfPlace(instant, sql`id`, question)}
    order by ${instant} desc, id desc limit ${rowsPerRound}`.execute(question.executor);
  return rows;
}

function covers(row: DowntimeRow, { scope, subject }: SourceQuestion): boolean {
  const { hosts, service } = subject;
  if (hosts === null) return scope.kind === "all" || row.customer === scope.customer;
  const selector = ServiceSelector.parse(JSON.parse(row.selector_json));
  return hosts.some((host) => {
    if (row.customer !== null && row.customer !== host.customer) return false;
    if (matchesService(selector, host, undefined)) return true;
    if (service === undefined)
      return [...host.servicesByName.keys()].some((name) => matchesService(selector, host, name));
    return service !== null && matchesService(selector, host, service.name);
  });
}

function entryOf(row: DowntimeRow, step: (typeof steps)[number], { subject }: SourceQuestion): SourceEntry {
  const [host = null] = subject.hosts?.length === 1 ? subject.hosts : [];
  return {
    id: row.id,
    entry: {
      key: `downtime-${step.name}-${row.id}`,
      kind: "downtime",
      atMs: row.at_ms,
      hostId: host?.id ?? null,
      hostName: host?.name ?? null,
      serviceId: null,
      serviceName: null,
      title: step.title,
      detail: row.comment,
      author: row.author_name,
      state: null,
      stateType: null,
    },
  };
}
