import type { GrafanaSeries } from "@mycloud/protocol/grafana-data";
import { type LogRecord, LogSeverity } from "@mycloud/protocol/log-record";
import type { LogHistogram } from "@mycloud/protocol/log-search";
import type { Columns, Table } from "./table.ts";

const columns = {
  time: "time",
  host: "string",
  source: "string",
  service: "string",
  severity: "string",
  message: "string",
  fields: "string",
  id: "string",
} satisfies Columns;

/** Longer messages and fields are cut: a panel shows a line. */
const shownCharacters = 4_000;

/** Log records as rows; fields as JSON. Pure. */
export function tabulateRecords(records: readonly LogRecord[]): Table {
  const rows = records.map((record) => ({
    time: Math.floor(record.timeUs / 1000),
    host: record.host,
    source: record.source,
    service: record.service,
    severity: record.severity ?? "",
    message: record.message.slice(0, shownCharacters),
    fields: JSON.stringify(record.fields).slice(0, shownCharacters),
    id: record.id,
  }));
  return { columns, rows };
}

const severities = [...LogSeverity.options, "none"] as const;

/** One line for each severity that occurs, all with the same instants, the beginnings of the bins. Pure. */
export function histogramSeries({ fromUs, binUs, bins }: LogHistogram): GrafanaSeries[] {
  return severities
    .filter((severity) => bins.some((bin) => (bin.severities[severity] ?? 0) > 0))
    .map((target) => ({
      target,
      datapoints: bins.map((bin, index) => [bin.severities[target] ?? 0, startOf(fromUs, binUs, index)]),
    }));
}

/** The same as rows: one for each bin, a column for each severity. Pure. */
export function tabulateHistogram({ fromUs, binUs, bins }: LogHistogram): Table {
  const rows = bins.map((bin, index) => ({
    time: startOf(fromUs, binUs, index),
    count: bin.count,
    ...Object.fromEntries(severities.map((severity) => [severity, bin.severities[severity] ?? 0])),
  }));
  const bySeverity = Object.fromEntries(severities.map((severity) => [severity, "number" as const]));
  return { columns: { time: "time", count: "number", ...bySeverity }, rows };
}

function startOf(fromUs: number, binUs: number, index: number): number {
  return Math.floor((fromUs + index * binUs) / 1000);
}
