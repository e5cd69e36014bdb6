import type { LabelSet } from "@mycloud/protocol/alert";
import type { SelectableHost } from "@mycloud/protocol/selector";
import { labelName } from "./selector-matchers.ts";

/** A host or service, with the labels that silences match. */
export interface AlertObject {
  readonly host: SelectableHost & { readonly customer: string | null };
  /** Null: the host itself. */
  readonly serviceName: string | null;
  readonly businessImpact: number;
  /** The labels of the alerts that were sent for it; empty for what is monitored here. */
  readonly sent: readonly LabelSet[];
}

/** The severities that something monitored here goes through. */
export const severities = ["critical", "warning", "unknown"] as const;
export type Severity = (typeof severities)[number];

/** The severity of a state of a host or service. Pure. */
export function severityOf(state: string): Severity {
  if (state === "CRITICAL" || state === "DOWN" || state === "UNREACHABLE") return "critical";
  return state === "WARNING" ? "warning" : "unknown";
}

/** The labels of the alert that a problem of a host or service is. The host's own labels are among them, by Prometheus' names. Pure. */
export function labelsOfObject(object: AlertObject, severity: Severity): LabelSet {
  return { ...fixedLabels(object), severity };
}

function fixedLabels({ host, serviceName, businessImpact }: AlertObject): LabelSet {
  const own = Object.entries(host.labels).map(([name, value]) => [labelName(name), value]);
  return {
    ...Object.fromEntries(own),
    alertname: serviceName ?? "host",
    host: host.name,
    ...(serviceName === null ? {} : { service: serviceName }),
    ...(host.groups.length === 0 ? {} : { groups: host.groups.join(",") }),
    business_impact: String(businessImpact),
  };
}

/** Whether matchers cover an object: by every alert of it, or only in some states, which no downtime can say. */
export type Coverage = "covered" | "not covered" | "by severity";

/**
 * Says whether matchers cover an object. A sent alert is matched by the labels it was sent with, to which `host` and `service` are added; or by
 * these as they are here, where it was sent with others. Of several alerts on one service all must match. Pure.
 */
export function coverageOf(matches: (labels: LabelSet) => boolean, object: AlertObject): Coverage {
  if (object.sent.length > 0) {
    const { host, serviceName } = object;
    const here = { host: host.name, ...(serviceName === null ? {} : { service: serviceName }) };
    const isCovered = object.sent.every(
      (labels) => matches({ ...here, ...labels }) || matches({ ...fixedLabels(object), ...labels, ...here }),
    );
    return isCovered ? "covered" : "not covered";
  }
  const fixed = fixedLabels(object);
  const matched = severities.filter((severity) => matches({ ...fixed, severity }));
  if (matched.length === severities.length) return "covered";
  return matched.length === 0 ? "not covered" : "by severity";
}
