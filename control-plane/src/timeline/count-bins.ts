import type { TimelineSeverity } from "@mycloud/protocol/timeline";
import { type RawBuilder, sql } from "kysely";
import type { CountQuestion, SourceCounts } from "./source.ts";

/**
 * Counts rows in the parts of the range. `rows` is SQL that answers `at_ms` and `severity` of the newest `limit` rows; it is the whole cost, so that a year of
 * a large fleet costs no more than the limit.
 */
export async function countBins(
  { executor, dialect, fromMs, binMs, limit }: CountQuestion,
  rows: RawBuilder<unknown>,
): Promise<SourceCounts> {
  // Numbers as text: SQLite binds every number as a fraction, and would not divide whole ones.
  const number = (value: number) => sql.raw(String(Math.trunc(value)));
  const division = sql.raw(dialect.kind === "sqlite" ? "/" : "div");
  const { rows: found } = await sql<{
    bin: number;
    severity: TimelineSeverity | null;
    total: number;
    oldest_at_ms: number;
  }>`
    select (at_ms - ${number(fromMs)}) ${division} ${number(binMs)} as bin, severity, count(*) as total, min(at_ms) as oldest_at_ms
    from (${rows}) as entry group by bin, severity`.execute(executor);
  const total = found.reduce((sum, row) => sum + Number(row.total), 0);
  return {
    counts: found.map((row) => ({ bin: Number(row.bin), severity: row.severity, count: Number(row.total) })),
    countedFromMs: total < limit ? null : Math.min(...found.map((row) => Number(row.oldest_at_ms))),
  };
}

/** The severity of a change of state in SQL. */
export const severitySql = sql<string>`case when own.kind = 'stale-start' or own.to_state in ('UNKNOWN', 'STALE') then 'unknown'
  when own.to_state in ('OK', 'UP') then 'ok' when own.to_state = 'WARNING' then 'warning' else 'critical' end`;
