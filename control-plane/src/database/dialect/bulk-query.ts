import { CompiledQuery } from "kysely";
import type { ColumnValue, Row } from "./dialect.ts";

/**
 * A statement that a connection runs once for each of `rows`, with one prepared statement and without a promise per row. Only our own
 * SQLite driver knows it.
 */
export interface RepeatedQuery extends CompiledQuery {
  readonly rows: readonly Row[];
}

export function repeatedQuery(sql: string, rows: readonly Row[]): RepeatedQuery {
  return { ...CompiledQuery.raw(sql), rows };
}

/** A statement worth preparing on the server, because it comes again with other values. Only our own MariaDB driver knows it. */
export interface PreparedQuery extends CompiledQuery {
  readonly isPrepared: true;
}

export function preparedQuery(sql: string, parameters: readonly ColumnValue[]): PreparedQuery {
  return { ...CompiledQuery.raw(sql, [...parameters]), isPrepared: true };
}
