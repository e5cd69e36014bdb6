import type { ColumnType } from "../column/index.ts";
import type { Query } from "../request/index.ts";
import type { Table } from "../table/table.ts";
import { type PreparedQuery, prepareQuery } from "./prepare-query.ts";

/** A table whose kind of rows nobody outside has to know. */
export interface AnyTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType; readonly description: string }[];
  /** Checks columns, operators and values, and makes functions of the filters. Throws RequestError. */
  prepare(query: Query): PreparedQuery;
}

export function eraseRows<Row>(table: Table<Row>): AnyTable {
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  return { name: table.name, columns: table.columns, prepare: (query) => prepareQuery(table, columns, query) };
}
