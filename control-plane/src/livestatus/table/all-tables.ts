import type { ConnectedDatabase } from "../../database/dialect/dialect.ts";
import { type ColumnType, serviceColumns, text } from "../column/index.ts";
import { type AnyTable, eraseRows } from "../query/any-table.ts";
import { commands, timePeriods } from "./definition-tables.ts";
import { hostGroups, hosts, hostsByGroup, problems, servicesByHostGroup } from "./host-tables.ts";
import { logTable } from "./log-table.ts";
import { contactGroups, contacts } from "./people-tables.ts";
import { comments, downtimes } from "./remark-tables.ts";
import { serviceGroups, services, servicesByGroup } from "./service-tables.ts";
import { stateHistoryTable } from "./statehist-table.ts";
import { status } from "./status-table.ts";

interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly type: ColumnType;
  readonly description: string;
}

/** Every table by its name; `columns` lists the columns of all. */
export function createTables(database: ConnectedDatabase): ReadonlyMap<string, AnyTable> {
  const tables: AnyTable[] = [
    eraseRows(hosts),
    eraseRows(services),
    eraseRows(hostGroups),
    eraseRows(serviceGroups),
    eraseRows(hostsByGroup),
    eraseRows(servicesByGroup),
    eraseRows(servicesByHostGroup(serviceColumns)),
    eraseRows(contacts),
    eraseRows(contactGroups),
    eraseRows(commands),
    eraseRows(timePeriods),
    eraseRows(downtimes),
    eraseRows(comments),
    eraseRows(logTable(database)),
    eraseRows(stateHistoryTable(database)),
    eraseRows(status),
    eraseRows(problems),
  ];
  const columns: AnyTable = eraseRows<ColumnRow>({
    name: "columns",
    columns: [
      text("table", "Table", (column) => column.table),
      text("name", "Name", (column) => column.name),
      text("type", "int, float, string, time, list or dict", (column) => column.type),
      text("description", "Meaning", (column) => column.description),
    ],
    rows: () =>
      [...tables, columns].flatMap((table) => table.columns.map((column) => ({ table: table.name, ...column }))),
  });
  return new Map([...tables, columns].map((table) => [table.name, table]));
}
