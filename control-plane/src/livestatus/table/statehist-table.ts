import type { ConnectedDatabase } from "../../database/dialect/dialect.ts";
import type { ViewedHost, ViewedService } from "../../status-view/index.ts";
import {
  type Column,
  flag,
  float,
  hostColumns,
  int,
  ownServiceColumns,
  prefixed,
  prefixedIfAny,
  text,
  time,
} from "../column/index.ts";
import { wantedRange, wantedValues } from "../filter/index.ts";
import { type HistoricStretch, readStateHistory } from "../log/index.ts";
import { RequestError } from "../request/index.ts";
import type { Table } from "./table.ts";

const seconds = (stretch: HistoricStretch): number => Math.round((stretch.untilMs - stretch.fromMs) / 1000);
const share = (stretch: HistoricStretch): number => (stretch.untilMs - stretch.fromMs) / stretch.rangeMs;

const stateWords = [
  ["unmonitored", -1],
  ["ok", 0],
  ["warning", 1],
  ["critical", 2],
  ["unknown", 3],
] as const;

const columns: readonly Column<HistoricStretch>[] = [
  time("time", "When it began; a filter on it says which time is asked about", (stretch) => stretch.fromMs),
  time("from", "When it began", (stretch) => stretch.fromMs),
  time("until", "When it ended", (stretch) => stretch.untilMs),
  int("duration", "Seconds it lasted", seconds),
  float("duration_part", "Its share of the whole time", share),
  int("state", "State; -1 before the first result", (stretch) => stretch.state),
  ...stateWords.flatMap(([word, state]) => [
    int<HistoricStretch>(`duration_${word}`, `Seconds in state ${state}`, (stretch) =>
      stretch.state === state ? seconds(stretch) : 0,
    ),
    float<HistoricStretch>(`duration_part_${word}`, `Share in state ${state}`, (stretch) =>
      stretch.state === state ? share(stretch) : 0,
    ),
  ]),
  flag("host_down", "Whether its host was not UP", (stretch) => stretch.isHostDown),
  flag("in_downtime", "Whether it was in downtime", (stretch) => stretch.isInDowntime),
  flag("in_host_downtime", "Whether its host was in downtime", (stretch) => stretch.isHostInDowntime),
  flag("is_flapping", "Always 0", () => false),
  flag("in_notification_period", "Always 1", () => true),
  text("notification_period", "Always empty", () => ""),
  flag("in_service_period", "Always 1", () => true),
  text("service_period", "Always empty", () => ""),
  text("debug_info", "Always empty", () => ""),
  int("lineno", "Always 0", () => 0),
  text("log_output", "Output of the check that began it", (stretch) => stretch.output),
  text("host_name", "Host", ({ object }) => (object.kind === "host" ? object.name : object.host.name)),
  text("service_description", "Service; empty for a host", ({ object }) => (object.kind === "host" ? "" : object.name)),
  ...prefixed<HistoricStretch, ViewedHost>("current_host_", hostColumns, ({ object }) =>
    object.kind === "host" ? object : object.host,
  ),
  ...prefixedIfAny<HistoricStretch, ViewedService>("current_service_", ownServiceColumns, ({ object }) =>
    object.kind === "service" ? object : undefined,
  ),
];

/**
 * The past in stretches, for reports of availability. A lower bound on `time` is needed. The filter on `time` chooses the time asked about and is
 * then met by every stretch: the first one begins at its start.
 */
export function stateHistoryTable(database: ConnectedDatabase): Table<HistoricStretch> {
  return {
    name: "statehist",
    columns,
    async *rows({ view, nowMs, sees }, { filter, clockOffsetSeconds }) {
      const { from, until } = wantedRange(filter, "time");
      if (!Number.isFinite(from)) throw new RequestError(400, "statehist needs a filter such as time >= 1700000000");
      const fromMs = (from - clockOffsetSeconds) * 1000;
      const untilMs = Math.min(Number.isFinite(until) ? (until - clockOffsetSeconds) * 1000 : nowMs, nowMs);
      if (untilMs <= fromMs) return;
      const names = wantedValues(filter, "host_name", "=");
      const hosts = names === null ? view.hosts : [...names].flatMap((name) => view.hostByName(name) ?? []);
      yield* readStateHistory(database, hosts, { fromMs, untilMs }, sees);
    },
  };
}
