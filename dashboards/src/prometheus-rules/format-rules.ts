import { stringify } from "yaml";
import { mergeCases } from "./merge-cases.ts";
import type { AlertRule, ExpectedAlert, RuleGroup } from "./rule.ts";

/** The label of alerts that MyCloud's Alertmanager API counts and makes no problem of. */
export const knownLabel = "mycloud_known";

export interface FormatRulesOptions {
  /** What addresses of runbooks begin with: `https://wiki.example.org/runbooks`, or a folder. */
  readonly runbooks: string;
}

/** The rules as Prometheus reads them. Pure. */
export function formatRules(groups: readonly RuleGroup[], options: FormatRulesOptions): string {
  return formatYaml({
    groups: groups.map(({ name, runbook, recordings, alerts }) => ({
      name,
      rules: [
        ...recordings.map(({ record, expr }) => ({ record, expr: oneLine(expr) })),
        ...alerts.map((alert) => ({
          alert: alert.alert,
          expr: oneLine(alert.expr),
          for: alert.for,
          labels: labelsOf(alert),
          annotations: {
            summary: alert.summary,
            description: alert.description,
            runbook_url: runbookUrl(runbook, alert.alert, options),
          },
        })),
      ],
    })),
  });
}

/** The cases of all alerts as `promtool test rules` reads them; `rulesFile` from where the tests are. Pure. */
export function formatRuleTests(groups: readonly RuleGroup[], rulesFile: string, options: FormatRulesOptions): string {
  const cases = groups.flatMap(({ alerts, runbook }) =>
    alerts.flatMap((alert) => {
      const { fires, silent } = alert;
      const runbook_url = runbookUrl(runbook, alert.alert, options);
      const expected = fires.alerts.map((one) => ({
        exp_labels: { ...labelsOf(alert), ...one.labels },
        exp_annotations: annotationsOf(alert, one, runbook_url),
      }));
      return [
        { alert, name: `${alert.alert} fires`, ...fires, expected },
        { alert, name: `${alert.alert} does not fire: ${silent.why}`, ...silent, expected: [] },
      ];
    }),
  );
  const tests = mergeCases(cases).map((together) => ({
    name: together.map(({ name }) => name).join("; "),
    interval: "1m",
    input_series: together.flatMap(({ series }) =>
      Object.entries(series).map(([notation, values]) => ({ series: notation, values })),
    ),
    alert_rule_test: together.map(({ alert, at, expected }) => ({
      eval_time: at,
      alertname: alert.alert,
      exp_alerts: expected,
    })),
  }));
  return formatYaml({ rule_files: [rulesFile], evaluation_interval: "1m", tests });
}

function annotationsOf(alert: AlertRule, { summary, description }: ExpectedAlert, runbook_url: string) {
  return { summary, description: description ?? alert.description, runbook_url };
}

/** The labels that a rule gives its alerts. Pure. */
export function labelsOf({ severity, isKnown }: AlertRule): Record<string, string> {
  return isKnown ? { severity, [knownLabel]: "true" } : { severity };
}

/** Where an alert's runbook is: a heading has its name. Pure. */
export function runbookUrl(page: string, alert: string, { runbooks }: FormatRulesOptions): string {
  return `${runbooks.replace(/\/+$/, "")}/${page}#${alert.toLowerCase()}`;
}

/** YAML as people write it: long lines stay whole, and no part refers to another, since people copy parts. Pure. */
export function formatYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Expressions are written over several lines in the code. */
function oneLine(expr: string): string {
  return expr.trim().replaceAll(/\s+/g, " ");
}
