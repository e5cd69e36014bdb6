import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import {
  type Expression,
  type ExpressionBuilder,
  type ReferenceExpression,
  type SelectQueryBuilder,
  type SqlBool,
  sql,
} from "kysely";
import type { z } from "zod";
import { InputError } from "../error/index.ts";
import { inputIssuesOf } from "./input-issues.ts";

type Filters<DB, TB extends keyof DB, Filter> = {
  readonly [Key in keyof Filter]-?: (
    eb: ExpressionBuilder<DB, TB>,
    value: Exclude<Filter[Key], undefined>,
  ) => Expression<SqlBool>;
};

export interface ListDefinition<DB, TB extends keyof DB, Filter, Row, Item> {
  /** As the request gave it. */
  readonly query: ListQuery;
  /** What `filter` may hold; a strict object, so that a misspelt key is told and not ignored. */
  readonly filterSchema: z.ZodType<Filter>;
  /** Table, joins (that do not multiply rows) and the scope. */
  readonly from: SelectQueryBuilder<DB, TB, object>;
  /** Adds the columns. */
  readonly select: (query: SelectQueryBuilder<DB, TB, object>) => SelectQueryBuilder<DB, TB, Row>;
  /** Field names as the API shows them, and what to order by. */
  readonly sortable: Readonly<Record<string, ReferenceExpression<DB, TB>>>;
  /** A key of `sortable`. */
  readonly defaultSort: string;
  readonly defaultOrder?: ListQuery["order"];
  /** Unique: settles the order of equal rows, so that pages neither repeat nor lose any. */
  readonly idColumn: ReferenceExpression<DB, TB>;
  readonly filters: Filters<DB, TB, Filter>;
  readonly toItem: (row: Row) => Item;
}

/**
 * Answers one page of a list and how many rows match in all. Throws InputError, naming the field and what is allowed, for a filter or
 * sort field that the list does not have.
 */
export async function readList<DB, TB extends keyof DB, Filter extends object, Row, Item>(
  definition: ListDefinition<DB, TB, Filter, Row, Item>,
): Promise<ListAnswer<Item>> {
  const { query, sortable, filters } = definition;
  const filter = parseListFilter(query.filter, definition.filterSchema, Object.keys(filters));
  const orderBy = sortColumn(query.sort ?? definition.defaultSort, sortable);
  const direction =
    (query.sort === undefined ? (definition.defaultOrder ?? query.order) : query.order) === "DESC" ? "desc" : "asc";
  let matching = definition.from;
  for (const key of keysOf(filters)) {
    const value = filter[key];
    if (value === undefined) continue;
    matching = matching.where((eb) => filters[key](eb, value as Exclude<Filter[typeof key], undefined>));
  }
  const counted = await matching
    .clearSelect()
    .select((eb) => eb.fn.countAll<number>().as("total"))
    .executeTakeFirstOrThrow();
  const total = Number((counted as { total: number | string | bigint }).total);
  const rows = await definition
    .select(matching)
    .orderBy(orderBy, direction)
    .orderBy(definition.idColumn, direction)
    .limit(query.perPage)
    .offset((query.page - 1) * query.perPage)
    .execute();
  return { data: rows.map((row) => definition.toItem(row as Row)), total };
}

function keysOf<T extends object>(value: T): (keyof T)[] {
  return Object.keys(value) as (keyof T)[];
}

function sortColumn<T>(sort: string, sortable: Readonly<Record<string, T>>): T {
  const column = Object.hasOwn(sortable, sort) ? sortable[sort] : undefined;
  if (column !== undefined) return column;
  const allowed = Object.keys(sortable).join(", ");
  throw new InputError(`this list cannot be sorted by "${sort}"; sort by one of: ${allowed}`, [
    { field: "sort", value: sort, message: `not one of: ${allowed}` },
  ]);
}

/** Parses the `filter` of a list request (JSON text; absent = no filter). Throws InputError with every fault. */
export function parseListFilter<Filter>(
  text: string | undefined,
  schema: z.ZodType<Filter>,
  allowed: readonly string[],
): Filter {
  let value: unknown = {};
  if (text !== undefined && text !== "") {
    try {
      value = JSON.parse(text);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new InputError(`filter is not JSON: ${message}`, [{ field: "filter", message }]);
    }
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = inputIssuesOf(parsed.error, value, "filter");
  const faults = issues.map((issue) => `${issue.field}: ${issue.message}`).join("; ");
  throw new InputError(`${faults}. This list filters by: ${allowed.join(", ")}`, issues);
}

/** A filter for columns that equal the value, or one of a list of values. */
export function isOneOf<DB, TB extends keyof DB>(
  eb: ExpressionBuilder<DB, TB>,
  column: ReferenceExpression<DB, TB>,
  value: string | number | readonly (string | number)[],
): Expression<SqlBool> {
  const values = typeof value === "object" ? value : [value];
  // `in ()` is a syntax error on MariaDB.
  if (values.length === 0) return sql<SqlBool>`1 = 0`;
  return eb(column, "in", values as never);
}

/**
 * A filter for the words a person typed: each word occurs in at least one of the columns, in upper or lower case. Words are
 * looked for as they are: `%` and `_` have no meaning.
 */
export function hasWords<DB, TB extends keyof DB>(
  eb: ExpressionBuilder<DB, TB>,
  columns: readonly (string & ReferenceExpression<DB, TB>)[],
  text: string,
): Expression<SqlBool> {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return eb.and(
    words.map((word) =>
      eb.or(columns.map((column) => sql<SqlBool>`instr(lower(coalesce(${sql.ref(column)}, '')), ${word}) > 0`)),
    ),
  );
}
