/** How bad an alert is, as MyCloud's Alertmanager API and most routes read it. */
export type Severity = "critical" | "warning";

/** Series by their notation, with values as promtool has them: `{'up{job="x"}': "0x10"}` is eleven zeros, one a minute. */
export type InputSeries = Readonly<Record<string, string>>;

/** What an alert says when it fires, beside the labels of the rule itself. */
export interface ExpectedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  /** Left out where the rule's own has no template in it. */
  readonly description?: string;
}

/** Samples a minute apart, and what follows from them at an instant: `30m`. */
export interface FiringCase {
  readonly series: InputSeries;
  readonly at: string;
  readonly alerts: readonly [ExpectedAlert, ...ExpectedAlert[]];
}

export interface SilentCase {
  /** What is not yet, or no longer, worth an alert. */
  readonly why: string;
  readonly series: InputSeries;
  readonly at: string;
}

/** An alert with what proves it. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly severity: Severity;
  /** It repeats a state that MyCloud keeps, and tells people of, itself: its Alertmanager API makes no second problem of it. */
  readonly isKnown: boolean;
  /** One line, with Prometheus' templates. */
  readonly summary: string;
  /** What it means and what happens if nothing is done. */
  readonly description: string;
  readonly fires: FiringCase;
  readonly silent: SilentCase;
}

/** A figure that several panels and alerts ask for. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

export interface RuleGroup {
  readonly name: string;
  /** The page of its alerts, below docs/runbooks: `hosts.md`; each alert is a heading there. */
  readonly runbook: string;
  readonly recordings: readonly RecordingRule[];
  readonly alerts: readonly AlertRule[];
}
