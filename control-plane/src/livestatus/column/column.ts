import type { QueryContext } from "../query/context.ts";

/** An entry of a list; lists of lists carry details, the name first. */
export type Item = string | number | readonly Item[];
export type Value = string | number | null | readonly Item[] | { readonly [key: string]: string };

export type ColumnType = "int" | "float" | "string" | "time" | "list" | "dict";

/** What has to be read from the database before a column can be: it is not kept in memory. */
export type Need = "long-outputs" | "told-of-problems";

/** A column of rows of one kind. Instants are seconds since 1970, 0 = never. */
export interface Column<Row> {
  readonly name: string;
  readonly type: ColumnType;
  readonly description: string;
  readonly need: Need | null;
  readonly read: (row: Row, context: QueryContext) => Value;
}

type Read<Row, Result> = (row: Row, context: QueryContext) => Result;

export function int<Row>(name: string, description: string, read: Read<Row, number>, need: Need | null = null) {
  return { name, type: "int", description, read, need } as const satisfies Column<Row>;
}

/** A yes or no, as 1 or 0. */
export function flag<Row>(name: string, description: string, read: Read<Row, boolean>) {
  const asNumber: Read<Row, number> = (row, context) => (read(row, context) ? 1 : 0);
  return { name, type: "int", description, read: asNumber, need: null } as const satisfies Column<Row>;
}

export function float<Row>(name: string, description: string, read: Read<Row, number>) {
  return { name, type: "float", description, read, need: null } as const satisfies Column<Row>;
}

export function text<Row>(name: string, description: string, read: Read<Row, string>, need: Need | null = null) {
  return { name, type: "string", description, read, need } as const satisfies Column<Row>;
}

/** An instant, read in ms or null. */
export function time<Row>(name: string, description: string, read: Read<Row, number | null>, need: Need | null = null) {
  const seconds: Read<Row, number> = (row, context) => Math.floor((read(row, context) ?? 0) / 1000);
  return { name, type: "time", description, read: seconds, need } as const satisfies Column<Row>;
}

export function list<Row>(name: string, description: string, read: Read<Row, readonly Item[]>) {
  return { name, type: "list", description, read, need: null } as const satisfies Column<Row>;
}

export function dict<Row>(name: string, description: string, read: Read<Row, Readonly<Record<string, string>>>) {
  return { name, type: "dict", description, read, need: null } as const satisfies Column<Row>;
}

/** The columns of something a row leads to, under names with a prefix: `host_name` of a service. */
export function prefixed<Row, Other>(
  prefix: string,
  columns: readonly Column<Other>[],
  find: (row: Row) => Other,
): Column<Row>[] {
  return columns.map((column) => ({
    ...column,
    name: prefix + column.name,
    read: (row, context) => column.read(find(row), context),
  }));
}

/** As `prefixed`, where a row may lead nowhere: then the column is empty. */
export function prefixedIfAny<Row, Other>(
  prefix: string,
  columns: readonly Column<Other>[],
  find: (row: Row, context: QueryContext) => Other | undefined,
): Column<Row>[] {
  return columns.map((column) => ({
    ...column,
    name: prefix + column.name,
    read: (row, context) => {
      const other = find(row, context);
      return other === undefined ? emptyValues[column.type] : column.read(other, context);
    },
  }));
}

export const emptyValues: Readonly<Record<ColumnType, Value>> = {
  int: 0,
  float: 0,
  string: "",
  time: 0,
  list: [],
  dict: {},
};
