import { turnOfOthers } from "../../status-view/index.ts";
import { type Column, emptyValues, type Need, type Value } from "../column/index.ts";
import { columnsOf, compileFilter, type FilterOptions } from "../filter/index.ts";
import { type Query, RequestError, type SortKey } from "../request/index.ts";
import type { Table } from "../table/table.ts";
import { compileStat } from "./aggregate.ts";
import { compareValues } from "./compare-values.ts";
import type { QueryContext } from "./context.ts";

/** What a query found. */
export interface QueryResult {
  readonly columnNames: readonly string[];
  /** How many rows passed before Limit and Offset. */
  readonly totalCount: number;
  /** Values are read as they are asked for. */
  readonly rows: Iterable<readonly Value[]>;
  readonly rowCount: number;
  /** Which columns are instants, to be given in the peer's time. */
  readonly isTime: readonly boolean[];
}

/** A query that fits its table. */
export interface PreparedQuery {
  /** What has to be read before the context is complete, to find rows and to show them. */
  readonly needs: ReadonlySet<Need>;
  run(context: QueryContext, budget: Budget): Promise<QueryResult>;
  /** Whether the wait condition holds for the object waited for. Throws RequestError when there is no such object. */
  isWaitOver(context: QueryContext): boolean;
}

/** What a query may cost. */
export interface Budget {
  /** When it must be done, on `clock`. */
  readonly deadlineMs: number;
  /** Monotonic. */
  readonly clock: () => number;
  /** Rows of tables that are read from the database. */
  readonly maximumScannedRows: number;
}

export function prepareQuery<Row>(
  table: Table<Row>,
  columns: ReadonlyMap<string, Column<Row>>,
  query: Query,
): PreparedQuery {
  const columnOf = (name: string): Column<Row> => {
    const column = findColumn(table.name, columns, name);
    if (column === undefined) throw new RequestError(450, `table ${table.name} has no column "${name.slice(0, 100)}"`);
    return column;
  };
  const options: FilterOptions<Row> = { columnOf, clockOffsetSeconds: query.clockOffsetSeconds };
  const passes = compileFilter(query.filter, options);
  const shown = query.columns === null ? table.columns : query.columns.map(columnOf);
  const stats = query.stats.map((stat) => compileStat(stat, options));
  const isStats = stats.length > 0;
  const sort = isStats ? null : compileSort(query.sort, columnOf);
  const condition = query.wait?.condition ? compileFilter(query.wait.condition, options) : null;
  const mentioned = [
    ...shown,
    ...[...columnsOf(query.filter)].map(columnOf),
    ...(isStats ? [] : query.sort.map((key) => columnOf(key.column))),
    ...query.stats.flatMap((stat) =>
      (stat.kind === "count" ? [...columnsOf(stat.filter)] : [stat.column]).map(columnOf),
    ),
  ];

  return {
    needs: new Set(mentioned.flatMap((column) => column.need ?? [])),
    async run(context, budget) {
      if (isStats) return await runStats(context, budget);
      const found: Row[] = [];
      // Without an order of the rows, those after the last one wanted need not be looked for.
      const enough =
        sort === null && query.limit !== null && query.format !== "wrapped_json"
          ? query.offset + query.limit
          : Number.POSITIVE_INFINITY;
      if (enough > 0) {
        await scan(context, budget, (row) => {
          if (passes(row, context)) found.push(row);
          return found.length < enough;
        });
      }
      const end = query.limit === null ? found.length : query.offset + query.limit;
      const sorted = sort === null ? found : sort(found, context);
      const wanted = sorted.slice(query.offset, end);
      return {
        columnNames: shown.map((column) => column.name),
        totalCount: found.length,
        rowCount: wanted.length,
        rows: readRows(wanted, shown, context),
        isTime: shown.map((column) => column.type === "time"),
      };
    },
    isWaitOver(context) {
      if (query.wait === null) return true;
      const { object } = query.wait;
      if (object === null) return condition === null;
      const row = table.find?.(context, object);
      if (row === undefined)
        throw new RequestError(400, `table ${table.name} has no "${object.slice(0, 200)}" to wait for`);
      return condition === null ? false : condition(row, context);
    },
  };

  async function runStats(context: QueryContext, budget: Budget): Promise<QueryResult> {
    const groups = new Map<
      string,
      { readonly values: readonly Value[]; readonly figures: ReturnType<(typeof stats)[number]>[] }
    >();
    const newGroup = (values: readonly Value[]) => ({ values, figures: stats.map((make) => make()) });
    // Without columns there is one group, even of nothing.
    if (shown.length === 0) groups.set("", newGroup([]));
    const single = groups.get("");
    await scan(context, budget, (row) => {
      if (!passes(row, context)) return true;
      let group = single;
      if (group === undefined) {
        const values = shown.map((column) => column.read(row, context));
        const key = JSON.stringify(values);
        group = groups.get(key);
        if (group === undefined) {
          group = newGroup(values);
          groups.set(key, group);
        }
      }
      for (const figure of group.figures) figure.take(row, context);
      return true;
    });
    const all = [...groups.values()].map(({ values, figures }) => [
      ...values,
      ...figures.map((figure) => figure.result()),
    ]);
    sortGroups(all, query.sort, shown);
    const end = query.limit === null ? all.length : query.offset + query.limit;
    const wanted = all.slice(query.offset, end);
    return {
      columnNames: [...shown.map((column) => column.name), ...stats.map((_, index) => `stats_${index + 1}`)],
      totalCount: all.length,
      rowCount: wanted.length,
      rows: wanted,
      isTime: [...shown.map((column) => column.type === "time"), ...stats.map(() => false)],
    };
  }

  /** Hands rows to `take` until it has enough, giving others their turn every few milliseconds. */
  async function scan(context: QueryContext, budget: Budget, take: (row: Row) => boolean): Promise<void> {
    const rows = table.rows(context, { filter: query.filter, clockOffsetSeconds: query.clockOffsetSeconds });
    const pace = createPace(budget);
    let scanned = 0;
    const isFromDatabase = Symbol.asyncIterator in rows;
    for await (const chunk of chunksOf(rows)) {
      for (const row of chunk) {
        if (!take(row)) return;
        if (pace.isTimeForOthers()) await turnOfOthers();
        if (isFromDatabase && ++scanned > budget.maximumScannedRows)
          throw new RequestError(413, `more than ${budget.maximumScannedRows} rows; say a shorter time`);
      }
    }
  }
}

async function* chunksOf<Row>(rows: Iterable<Row> | AsyncIterable<readonly Row[]>): AsyncGenerator<Iterable<Row>> {
  if (Symbol.asyncIterator in rows) yield* rows;
  else yield rows;
}

/** Keeps a long query from holding everybody else up, and ends one that takes too long. */
export function createPace({ clock, deadlineMs }: Budget): { isTimeForOthers(): boolean } {
  const sliceMs = 10;
  let sliceEndMs = clock() + sliceMs;
  let count = 0;
  return {
    isTimeForOthers() {
      // Looking at the clock costs as much as a small filter.
      if ((++count & 15) !== 0) return false;
      const nowMs = clock();
      if (nowMs > deadlineMs) throw new RequestError(413, "the query takes too long; ask for less");
      if (nowMs < sliceEndMs) return false;
      sliceEndMs = nowMs + sliceMs;
      return true;
    },
  };
}

/** Some viewers ask `hosts` for `host_name`: a prefix with the table's own name means nothing. */
function findColumn<Row>(tableName: string, columns: ReadonlyMap<string, Column<Row>>, name: string) {
  const found = columns.get(name);
  if (found !== undefined) return found;
  const prefix = `${tableName.replace(/s?(by\w+)?$/, "")}_`;
  return name.startsWith(prefix) ? columns.get(name.slice(prefix.length)) : undefined;
}

function* readRows<Row>(rows: readonly Row[], columns: readonly Column<Row>[], context: QueryContext) {
  for (const row of rows) yield columns.map((column) => column.read(row, context));
}

type SortRows<Row> = (rows: readonly Row[], context: QueryContext) => Row[];

/** Each row's keys are read once and not at every comparison: of 100,000 rows each is compared some thirty times. */
function compileSort<Row>(keys: readonly SortKey[], columnOf: (name: string) => Column<Row>): SortRows<Row> | null {
  if (keys.length === 0) return null;
  const compiled = keys.map(({ column, key, isDescending }) => {
    const { read, type } = columnOf(column);
    const keyOf = (row: Row, context: QueryContext) =>
      type === "dict" && key !== null ? entryOf(read(row, context), key) : read(row, context);
    return { keyOf, sign: isDescending ? -1 : 1 };
  });
  return (rows, context) => {
    const keyed = rows.map((row) => ({ row, values: compiled.map(({ keyOf }) => keyOf(row, context)) }));
    keyed.sort((a, b) => {
      for (const [index, { sign }] of compiled.entries()) {
        const order = compareValues(a.values[index] ?? null, b.values[index] ?? null);
        if (order !== 0) return order * sign;
      }
      return 0;
    });
    return keyed.map(({ row }) => row);
  };
}

function entryOf(value: Value, key: string): Value {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return emptyValues.string;
  return Object.entries(value).find(([name]) => name === key)?.[1] ?? "";
}

/** Groups have the values of their columns only. */
function sortGroups<Row>(rows: Value[][], keys: readonly SortKey[], shown: readonly Column<Row>[]): void {
  const places = keys.map(({ column, isDescending }) => {
    const stats = /^stats_(\d+)$/.exec(column);
    const index = stats === null ? shown.findIndex((one) => one.name === column) : shown.length + Number(stats[1]) - 1;
    return { index, sign: isDescending ? -1 : 1 };
  });
  rows.sort((a, b) => {
    for (const { index, sign } of places) {
      const order = compareValues(a[index] ?? null, b[index] ?? null);
      if (order !== 0) return order * sign;
    }
    return 0;
  });
}
