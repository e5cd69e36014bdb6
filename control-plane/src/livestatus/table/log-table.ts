import type { ConnectedDatabase } from "../../database/dialect/dialect.ts";
import { wantedRange, wantedValues } from "../filter/index.ts";
import { type LogEntry, logColumns, readLog } from "../log/index.ts";
import type { Table } from "./table.ts";

/** The log; read newest first, as far back as the filter on `time` says. */
export function logTable(database: ConnectedDatabase): Table<LogEntry> {
  return {
    name: "log",
    columns: logColumns,
    async *rows(context, { filter, clockOffsetSeconds }) {
      const { from, until } = wantedRange(filter, "time");
      const hostNames = wantedValues(filter, "host_name", "=");
      const range = {
        fromMs: Number.isFinite(from) ? (from - clockOffsetSeconds) * 1000 : 0,
        untilMs: Number.isFinite(until) ? (until - clockOffsetSeconds + 1) * 1000 : context.nowMs + 86_400_000,
        hostIds: hostNames === null ? null : [...hostNames].flatMap((name) => context.view.hostByName(name)?.id ?? []),
        classes: wantedValues(filter, "class", "="),
      };
      for await (const entries of readLog(database, context.view, range)) {
        yield context.viewer.kind === "everything" ? entries : entries.filter((entry) => context.sees(entry.object));
      }
    },
  };
}
