import * as alerting from "@grafana/grafana-foundation-sdk/alerting";
import * as expressions from "@grafana/grafana-foundation-sdk/expr";
import * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import { type AlertRule, labelsOf, type RuleGroup, ruleGroups, runbookUrl } from "../prometheus-rules/index.ts";
import { dataSourceUid } from "./data-sources.ts";

const expressionSource = { type: "__expr__", uid: "__expr__" } as const;
/** How far back a query may look; instant ones take the newest sample of it. */
const relativeTimeRange = { from: 600, to: 0 };

/** The same alerts as Prometheus' rules, for those who have Grafana evaluate them. Pure. */
export function alertRules(): object {
  return {
    apiVersion: 1,
    groups: ruleGroups.map((group) => ({
      orgId: 1,
      name: group.name,
      folder: "MyCloud",
      interval: "1m",
      rules: group.alerts.map((alert) => provisioned(alert, group)),
    })),
  };
}

/**
 * A series that the expression leaves is an alert, whatever its value, as in Prometheus: the condition is whether there is a number. Without series
 * all is well.
 */
function provisioned(alert: AlertRule, group: RuleGroup): object {
  const query = new prometheus.DataqueryBuilder()
    .refId("A")
    .datasource({ type: "prometheus", uid: dataSourceUid.prometheus })
    .expr(withoutRecordings(alert.expr))
    .instant();
  const condition = new expressions.TypeMathBuilder()
    .refId("B")
    .datasource(expressionSource)
    .expression("is_number($A)");
  const rule = new alerting.RuleBuilder(alert.alert)
    .uid(alert.alert.toLowerCase())
    .condition("B")
    .withQuery(
      new alerting.QueryBuilder("A")
        .datasourceUid(dataSourceUid.prometheus)
        .relativeTimeRange(relativeTimeRange)
        .model(query),
    )
    .withQuery(
      new alerting.QueryBuilder("B")
        .datasourceUid(expressionSource.uid)
        .relativeTimeRange(relativeTimeRange)
        .model(condition),
    )
    .forDuration(alert.for)
    .noDataState("OK")
    .execErrState("Error")
    .labels(labelsOf(alert))
    .annotations({
      summary: grafanaTemplate(alert.summary),
      description: alert.description,
      runbook_url: runbookUrl(group.runbook, alert.alert, { runbooks: "runbooks" }),
    })
    .build();
  const { uid, title, condition: refId, data, noDataState, execErrState, for: wait, labels, annotations } = rule;
  return {
    uid,
    title,
    condition: refId,
    data: data.map(plain),
    noDataState,
    execErrState,
    for: wait,
    labels,
    annotations,
  };
}

/** Without what the SDK marks queries with. */
function plain(query: alerting.Query): unknown {
  return JSON.parse(JSON.stringify(query));
}

/** In Grafana `$value` is a text of all values; the query's is meant. */
function grafanaTemplate(text: string): string {
  return text.replaceAll("$value", "$values.A.Value");
}

/** An expression with what is recorded written out: Grafana does not record. Pure. */
export function withoutRecordings(expr: string): string {
  const recordings = ruleGroups.flatMap((group) => group.recordings);
  let written = expr;
  for (const recording of recordings) written = written.replaceAll(recording.record, `(${recording.expr})`);
  return written.trim().replaceAll(/\s+/g, " ");
}
