import { createHash } from "node:crypto";
import type { LabelSet } from "@mycloud/protocol/alert";
import { HostName, ServiceName } from "@mycloud/protocol/name";
import { knownLabel } from "./known-alerts.ts";

/** How alerts become services. */
export interface AlertMapping {
  /** The labels that name the host, the first that an alert has. */
  readonly hostLabels: readonly string[];
  /** The host of alerts that name none. */
  readonly defaultHost: string;
  /** Return codes (0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN) by the label `severity`, in lower case. */
  readonly severities: ReadonlyMap<string, number>;
  readonly resolveTimeoutMs: number;
}

/** Labels that say who found something or how bad it is, and not what it is: they are not part of a service's name. */
const undistinguishing = new Set([
  "alertname",
  "severity",
  "job",
  "prometheus",
  "replica",
  "monitor",
  "prometheus_replica",
  knownLabel,
]);

/** The host and service an alert belongs to. Alerts that differ in unimportant labels share a service. Pure. */
export function placeAlert(labels: LabelSet, mapping: AlertMapping): { host: string; service: string } {
  const hostLabel = mapping.hostLabels.find((name) => labels[name]);
  const named = hostLabel === undefined ? "" : withoutPort(labels[hostLabel] ?? "");
  const host = named === "" ? mapping.defaultHost : fitting(named, (text) => HostName.safeParse(text).success);
  const others = Object.keys(labels)
    .filter((name) => !undistinguishing.has(name) && !mapping.hostLabels.includes(name))
    .sort()
    .map((name) => `${name}:${labels[name]}`);
  const service = [labels.alertname ?? "alert", ...others].join(" ");
  return { host, service: fitting(service, (text) => ServiceName.safeParse(text).success) };
}

/** `web1:9100` and `[::1]:9100` without the port, `http://web1/x` as `web1`. Pure. */
export function withoutPort(instance: string): string {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(instance)?.[1] ?? instance;
  const bracketed = /^\[([^\]]*)\](:\d+)?$/.exec(authority)?.[1];
  if (bracketed !== undefined) return bracketed;
  const port = /^([^:]*):\d+$/.exec(authority);
  return port?.[1] ?? authority;
}

const maximumName = 255;

/** A text as a name: what is not allowed in names becomes `_`; where something was lost, a digest keeps different texts apart. */
function fitting(text: string, isName: (text: string) => boolean): string {
  if (isName(text)) return text;
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 8);
  const allowed = text
    .toWellFormed()
    .replaceAll(/[`~!$%^&*|'"<>?,()=;\p{Cc}]/gu, "_")
    .trim()
    .slice(0, maximumName - digest.length - 1)
    .toWellFormed();
  return `${allowed}#${digest}`;
}

/** The return code of a firing alert. Pure. */
export function returnCodeOf(labels: LabelSet, { severities }: AlertMapping): number {
  return severities.get((labels.severity ?? "").toLowerCase()) ?? 2;
}
