import type * as cog from "@grafana/grafana-foundation-sdk/cog";
import * as sdk from "@grafana/grafana-foundation-sdk/dashboard";
import { buildPanel, prometheusSource } from "../panel/index.ts";
import type { Annotation, Dashboard, LabelVariable } from "./dashboard.ts";
import { placeRows } from "./places.ts";

/** Where the console is until somebody says otherwise: `mycloud export grafana` writes its own address here. */
export const defaultConsoleUrl = "http://127.0.0.1:8080";

/** The data source of MyCloud's JSON endpoint, by the Infinity plugin. */
const endpointSource = { type: "yesoreyeram-infinity-datasource", uid: `\${mycloud}` } as const;

/** Of all our dashboards, so that they link to each other. */
export const commonTag = "mycloud";

/** Has the SDK build a dashboard. Pure. */
export function buildDashboard(dashboard: Dashboard): sdk.Dashboard {
  const builder = new sdk.DashboardBuilder(dashboard.title)
    .uid(dashboard.uid)
    .description(dashboard.description)
    .tags([commonTag])
    .timezone("browser")
    .tooltip(sdk.DashboardCursorSync.Crosshair)
    .time({ from: "now-6h", to: "now" })
    .refresh("1m")
    .link(
      new sdk.DashboardLinkBuilder("MyCloud")
        .type(sdk.DashboardLinkType.Dashboards)
        .tags([commonTag])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    )
    .link(
      new sdk.DashboardLinkBuilder("Console")
        .type(sdk.DashboardLinkType.Link)
        .icon("external link")
        .tooltip("The same in MyCloud's console")
        .url(`\${console}${dashboard.consolePath}`)
        .targetBlank(true),
    );
  builder.withVariable(
    new sdk.DatasourceVariableBuilder("datasource").label("Prometheus").type("prometheus").regex("").multi(false),
  );
  if (dashboard.annotations.some(({ kind }) => kind === "endpoint")) {
    builder.withVariable(
      new sdk.DatasourceVariableBuilder("mycloud")
        .label("MyCloud")
        .type(endpointSource.type)
        .regex("/MyCloud/")
        .hide(sdk.VariableHide.HideVariable),
    );
  }
  builder.withVariable(
    new sdk.ConstantVariableBuilder("console").label("The console's address").value(defaultConsoleUrl),
  );
  for (const variable of dashboard.variables) builder.withVariable(buildVariable(variable));
  for (const annotation of dashboard.annotations) builder.annotation(new Built(buildAnnotation(annotation)));
  for (const { row, place, panels } of placeRows(dashboard.rows)) {
    builder.withRow(new sdk.RowBuilder(row.title).id(place.id).gridPos({ x: 0, y: place.y, w: 24, h: 1 }));
    for (const { panel, place: at } of panels) builder.withPanel(buildPanel(panel, at));
  }
  return builder.build();
}

function buildVariable({ name, title, query, hasAll = false }: LabelVariable): sdk.QueryVariableBuilder {
  const variable = new sdk.QueryVariableBuilder(name)
    .label(title)
    .datasource(prometheusSource)
    .query({ query, refId: "PrometheusVariableQueryEditor-VariableQuery" })
    .refresh(sdk.VariableRefresh.OnTimeRangeChanged)
    .sort(sdk.VariableSort.AlphabeticalCaseInsensitiveAsc);
  return hasAll ? variable.multi(true).includeAll(true).allValue(".*") : variable.multi(false);
}

function buildAnnotation(annotation: Annotation): sdk.AnnotationQuery {
  if (annotation.kind === "prometheus") {
    const { name, expr, title, color } = annotation;
    return {
      ...{ name, enable: true, iconColor: color, datasource: prometheusSource },
      ...{ expr: expr.trim().replaceAll(/\s+/g, " "), step: "60s", titleFormat: title },
    };
  }
  const { name, kinds, host, color } = annotation;
  const parameter = (key: string, value: string) => ({ key, value });
  const column = (selector: string, type: string) => ({ selector, text: selector, type });
  const target = {
    refId: "Annotation",
    type: "json",
    source: "url",
    parser: "backend",
    format: "table",
    url: "/api/v1/grafana/annotations",
    url_options: {
      method: "GET",
      data: "",
      params: [
        parameter("kinds", kinds.join(",")),
        ...(host === undefined ? [] : [parameter("host", host)]),
        parameter("from", `\${__from}`),
        parameter("to", `\${__to}`),
      ],
    },
    root_selector: "",
    columns: [
      column("time", "timestamp_epoch"),
      column("timeEnd", "timestamp_epoch"),
      column("title", "string"),
      column("text", "string"),
    ],
    filters: [],
  };
  // The SDK knows queries of no plugins.
  const query: cog.Dataquery = Object.assign(target, { _implementsDataqueryVariant: () => {} });
  return { name, enable: false, iconColor: color, datasource: endpointSource, target: query };
}

/** What is built already, as the SDK wants to have it. */
class Built<Value> implements cog.Builder<Value> {
  readonly #value: Value;

  constructor(value: Value) {
    this.#value = value;
  }

  build(): Value {
    return this.#value;
  }
}
