// Tables: which rows there are and how they are found.
export * from "./all-tables.ts";
export type { RowsWanted, Table } from "./table.ts";
