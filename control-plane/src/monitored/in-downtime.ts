import { ServiceSelector } from "@mycloud/protocol/selector";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { coversHostItselfSql, matchesServiceSql } from "./selector-predicate.ts";

/** Conditions that a row of `host`, or of `service` joined with its `host`, is in a downtime now. */
export interface InDowntime {
  readonly host: RawBuilder<SqlBool>;
  readonly service: RawBuilder<SqlBool>;
}

/**
 * Reads the active downtimes and turns their selectors into conditions, so that a list shows and filters by downtime, services added a
 * moment ago included, without a row for each member. There are rarely more than a few dozen at once.
 */
export async function findInDowntime(executor: Executor, dialect: Dialect, nowMs: number): Promise<InDowntime> {
  const rows = await executor
    .selectFrom("downtime")
    .select(["selector_json", "customer"])
    .where("cancelled_at_ms", "is", null)
    .where("start_at_ms", "<=", nowMs)
    .where("end_at_ms", ">", nowMs)
    .execute();
  const hosts: RawBuilder<SqlBool>[] = [];
  const services: RawBuilder<SqlBool>[] = [];
  for (const row of rows) {
    const selector = ServiceSelector.parse(JSON.parse(row.selector_json));
    // A customer's own downtime never reaches beyond that customer's hosts, whatever its selector says.
    const within = row.customer === null ? sql`1 = 1` : sql`host.customer = ${row.customer}`;
    hosts.push(sql<SqlBool>`(${within} and ${coversHostItselfSql(dialect.kind, selector)})`);
    services.push(sql<SqlBool>`(${within} and ${matchesServiceSql(dialect.kind, selector)})`);
  }
  return { host: anyOf(hosts), service: anyOf(services) };
}

function anyOf(conditions: readonly RawBuilder<SqlBool>[]): RawBuilder<SqlBool> {
  return conditions.length === 0 ? sql<SqlBool>`(1 = 0)` : sql<SqlBool>`(${sql.join(conditions, sql` or `)})`;
}
