import { sql } from "kysely";
import { countBins } from "./count-bins.ts";
import { conditionOfPlace } from "./object-sources.ts";
import type { TimelineSource } from "./source.ts";

/** Times in which no control plane watched; of everybody, at their end, when they were noticed. */
export const outageSource: TimelineSource = {
  kind: "outage",
  async read(question) {
    const { rows } = await sql<{ id: number; at_ms: number; from_at_ms: number }>`
      select id, until_at_ms as at_ms, from_at_ms from watch_outage
      where ${conditionOfPlace(sql`until_at_ms`, sql`id`, question)}
      order by until_at_ms desc, id desc limit ${question.limit}`.execute(question.executor);
    return rows.map((row) => ({
      id: row.id,
      entry: {
        key: `outage-${row.id}`,
        kind: "outage",
        atMs: row.at_ms,
        hostId: null,
        hostName: null,
        serviceId: null,
        serviceName: null,
        title: `monitoring was blind for ${lengthInWords(row.at_ms - row.from_at_ms)}`,
        detail: "no control plane was watching",
        author: null,
        state: null,
        stateType: null,
      },
    }));
  },
  count: (question) =>
    countBins(
      question,
      sql`select until_at_ms as at_ms, null as severity from watch_outage
        where ${conditionOfPlace(sql`until_at_ms`, sql`id`, { ...question, last: null })}
        order by until_at_ms desc limit ${question.limit}`,
    ),
};

function lengthInWords(lengthMs: number): string {
  const minutes = lengthMs / 60_000;
  if (minutes < 2) return `${Math.round(lengthMs / 1000)} s`;
  return minutes < 120 ? `${Math.round(minutes)} min` : `${Math.round(minutes / 60)} h`;
}
