import type { GrafanaRow, GrafanaTable } from "@mycloud/protocol/grafana-data";

type ColumnType = GrafanaTable["columns"][number]["type"];

/** Columns by name, in their order. */
export type Columns = Readonly<Record<string, ColumnType>>;

/** Rows that have these columns, whatever shape they go out in. */
export interface Table {
  readonly columns: Columns;
  readonly rows: readonly GrafanaRow[];
}

/** A table as simple-JSON data sources take it. A cell that a row lacks is null. Pure. */
export function formatTable({ columns, rows }: Table, refId: string): GrafanaTable {
  const names = Object.keys(columns);
  return {
    type: "table",
    refId,
    columns: Object.entries(columns).map(([text, type]) => ({ text, type })),
    rows: rows.map((row) => names.map((name) => row[name] ?? null)),
  };
}
