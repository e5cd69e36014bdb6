import * as bars from "@grafana/grafana-foundation-sdk/bargauge";
import type * as cog from "@grafana/grafana-foundation-sdk/cog";
import * as common from "@grafana/grafana-foundation-sdk/common";
import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import * as stat from "@grafana/grafana-foundation-sdk/stat";
import * as states from "@grafana/grafana-foundation-sdk/statetimeline";
import * as table from "@grafana/grafana-foundation-sdk/table";
import * as lines from "@grafana/grafana-foundation-sdk/timeseries";
import type { FigurePanel, LinesPanel, Panel, StatesPanel, TablePanel, ThresholdStep } from "./panel.ts";
import { neutral } from "./states.ts";

/** The variable that names the Prometheus to ask. */
export const prometheusSource = { type: "prometheus", uid: `\${datasource}` } as const;

export interface PanelPlace {
  /** Unique in the dashboard, and stable: links and alerts refer to it. */
  readonly id: number;
  readonly x: number;
  readonly y: number;
}

type AnyBuilder = lines.PanelBuilder | stat.PanelBuilder | bars.PanelBuilder | states.PanelBuilder | table.PanelBuilder;

/** Has the SDK build a panel at its place. Pure. */
export function buildPanel(panel: Panel, place: PanelPlace): cog.Builder<dashboard.Panel> {
  const builder = builderOf(panel);
  addCommon(builder, panel, place);
  return builder;
}

function builderOf(panel: Panel): AnyBuilder {
  switch (panel.kind) {
    case "lines":
      return linesBuilder(panel);
    case "figure":
      return figureBuilder(panel);
    case "bars":
      return new bars.PanelBuilder()
        .orientation(common.VizOrientation.Horizontal)
        .displayMode(common.BarGaugeDisplayMode.Basic)
        .reduceOptions(lastValue());
    case "states":
      return statesBuilder(panel);
    case "table":
      return tableBuilder(panel);
  }
}

function addCommon(builder: AnyBuilder, panel: Panel, { id, x, y }: PanelPlace): void {
  builder
    .id(id)
    .title(panel.title)
    .description(panel.description)
    .datasource(prometheusSource)
    .gridPos({ x, y, w: panel.width, h: panel.height })
    .thresholds(thresholdsOf(panel.thresholds ?? neutral));
  const isTable = panel.kind === "table";
  const isNow = isTable || panel.kind === "bars" || (panel.kind === "figure" && panel.hasSpark !== true);
  for (const [index, { expr, legend }] of panel.queries.entries()) {
    const query = new prometheus.DataqueryBuilder()
      .refId(refIdOf(index))
      .datasource(prometheusSource)
      .expr(expr.trim().replaceAll(/\s+/g, " "))
      .legendFormat(legend ?? "__auto");
    if (isNow) query.instant();
    else query.range();
    if (isTable) query.format(prometheus.PromQueryFormat.Table);
    builder.withTarget(query);
  }
  if (panel.unit !== undefined) builder.unit(panel.unit);
  if (panel.min !== undefined) builder.min(panel.min);
  if (panel.max !== undefined) builder.max(panel.max);
  if (panel.decimals !== undefined) builder.decimals(panel.decimals);
  if (panel.words !== undefined) {
    const options = Object.fromEntries(
      panel.words.map(({ value, text, color }, index) => [value, { text, color, index }]),
    );
    builder.mappings([{ type: dashboard.MappingType.ValueToText, options }]);
  }
  if (panel.link !== undefined) {
    builder.dataLinks([new dashboard.DashboardLinkBuilder(panel.link.title).url(panel.link.url).targetBlank(false)]);
  }
}

/** `A`, `B`, ... Pure. */
export function refIdOf(index: number): string {
  return String.fromCharCode(65 + index);
}

function linesBuilder({ isStacked = false, dashed, unit, thresholds }: LinesPanel): lines.PanelBuilder {
  const builder = new lines.PanelBuilder()
    .lineWidth(1)
    .fillOpacity(isStacked ? 30 : 8)
    .showPoints(common.VisibilityMode.Never)
    // A gap is a gap: nothing is known of that time.
    .spanNulls(false)
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    );
  if (isStacked) builder.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group("A"));
  if (unit === "percentunit") builder.axisSoftMax(1);
  if (thresholds !== undefined) {
    builder.thresholdsStyle(
      new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed),
    );
  }
  if (dashed !== undefined) {
    builder.overrideByRegexp(dashed, [
      { id: "custom.lineStyle", value: { fill: "dash", dash: [8, 6] } },
      { id: "custom.fillOpacity", value: 0 },
      { id: "custom.stacking", value: { mode: "none", group: "B" } },
    ]);
  }
  return builder;
}

function figureBuilder({ hasSpark = false, words }: FigurePanel): stat.PanelBuilder {
  return new stat.PanelBuilder()
    .graphMode(hasSpark ? common.BigValueGraphMode.Area : common.BigValueGraphMode.None)
    .colorMode(words === undefined ? common.BigValueColorMode.Value : common.BigValueColorMode.Background)
    .reduceOptions(lastValue());
}

function statesBuilder({ queries }: StatesPanel): states.PanelBuilder {
  return new states.PanelBuilder()
    .mergeValues(true)
    .showValue(queries.length > 1 ? common.VisibilityMode.Never : common.VisibilityMode.Auto)
    .rowHeight(0.85)
    .fillOpacity(80)
    .lineWidth(0)
    .spanNulls(false)
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    );
}

function tableBuilder({ labels, values, queries, cellLinks = {}, unit, words }: TablePanel): table.PanelBuilder {
  const builder = new table.PanelBuilder().showHeader(true);
  const names = Object.keys(labels);
  const valueNames = queries.map((_, index) => (queries.length === 1 ? "Value" : `Value #${refIdOf(index)}`));
  const order = [...names, ...valueNames];
  const titles = valueNames.map((name, index) => [name, values[index] ?? name] as const);
  if (queries.length > 1) builder.withTransformation({ id: "merge", options: {} });
  builder.withTransformation({
    id: "organize",
    options: {
      excludeByName: { Time: true },
      includeByName: Object.fromEntries(order.map((name) => [name, true])),
      indexByName: Object.fromEntries(order.map((name, index) => [name, index])),
      renameByName: { ...labels, ...Object.fromEntries(titles) },
    },
  });
  for (const [name, { title, url }] of Object.entries(cellLinks)) {
    builder.overrideByName(labels[name] ?? name, [{ id: "links", value: [{ title, url }] }]);
  }
  if (words !== undefined || unit !== undefined) {
    builder.overrideByName(values[0] ?? "Value", [{ id: "custom.cellOptions", value: { type: "color-text" } }]);
  }
  return builder;
}

function lastValue() {
  return new common.ReduceDataOptionsBuilder().values(false).calcs(["lastNotNull"]).fields("");
}

function thresholdsOf(steps: readonly ThresholdStep[]) {
  return new dashboard.ThresholdsConfigBuilder()
    .mode(dashboard.ThresholdsMode.Absolute)
    .steps(steps.map(({ from, color }) => ({ value: from, color })));
}
