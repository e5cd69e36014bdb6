import type { LabelSet, PostableAlert } from "@mycloud/protocol/alert";
import { readInstant } from "./read-instant.ts";

/** An alert as it was sent, with its instants worked out (ms UTC). */
export interface SentAlert {
  /** Its place in the request. */
  readonly index: number;
  readonly labels: LabelSet;
  readonly annotations: LabelSet;
  readonly generatorUrl: string;
  readonly startsAtMs: number;
  /** When it is over unless it is sent again; null: when the sender says so. */
  readonly endsAtMs: number | null;
}

export interface ReadAlerts {
  readonly alerts: SentAlert[];
  readonly faults: { readonly index: number; readonly message: string }[];
}

export interface ReadAlertsOptions {
  readonly nowMs: number;
  /** How long an alert without an end goes on when it is not sent again; null: until it is said to be over. */
  readonly resolveTimeoutMs: number | null;
}

/** Reads alerts by Alertmanager's rules; one that is wrong is left out by itself. Pure. */
export function readAlerts(posted: readonly PostableAlert[], options: ReadAlertsOptions): ReadAlerts {
  const read: ReadAlerts = { alerts: [], faults: [] };
  for (const [index, alert] of posted.entries()) {
    const one = readAlert(alert, index, options);
    if (typeof one === "string") read.faults.push({ index, message: one });
    else read.alerts.push(one);
  }
  return read;
}

function readAlert(
  posted: PostableAlert,
  index: number,
  { nowMs, resolveTimeoutMs }: ReadAlertsOptions,
): SentAlert | string {
  // An empty label is none.
  const labels = Object.fromEntries(Object.entries(posted.labels).filter(([, value]) => value !== ""));
  const annotations = posted.annotations ?? {};
  const fault = faultOfLabels(labels, "label") ?? faultOfLabels(annotations, "annotation");
  if (fault !== null) return fault;
  if (Object.keys(labels).length === 0) return "at least one label pair required";
  const starts = readInstant(posted.startsAt);
  const ends = readInstant(posted.endsAt);
  if (starts === undefined) return `startsAt ${posted.startsAt?.slice(0, 40)} is no instant of RFC 3339`;
  if (ends === undefined) return `endsAt ${posted.endsAt?.slice(0, 40)} is no instant of RFC 3339`;
  const startsAtMs = starts ?? (ends === null ? nowMs : Math.min(ends, nowMs));
  if (ends !== null && ends < startsAtMs) return "start time must be before end time";
  const timeoutMs = resolveTimeoutMs === null ? null : nowMs + resolveTimeoutMs;
  return {
    index,
    labels,
    annotations,
    generatorUrl: (posted.generatorURL ?? "").slice(0, 2048),
    startsAtMs,
    endsAtMs: ends ?? timeoutMs,
  };
}

const validName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const maximumLabels = 64;
const maximumValue = { label: 2048, annotation: 8192 };

function faultOfLabels(labels: LabelSet, what: "label" | "annotation"): string | null {
  const entries = Object.entries(labels);
  if (entries.length > maximumLabels) return `${entries.length} ${what}s; at most ${maximumLabels} are taken`;
  for (const [name, value] of entries) {
    if (!validName.test(name) || name.length > 255) return `invalid ${what} set: invalid name "${name.slice(0, 100)}"`;
    if (!value.isWellFormed()) return `invalid ${what} set: invalid value of "${name}"`;
    if (value.length > maximumValue[what]) return `${what} ${name} is longer than ${maximumValue[what]} characters`;
  }
  return null;
}
