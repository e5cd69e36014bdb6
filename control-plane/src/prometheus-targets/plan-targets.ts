import type { MetricsEndpoint } from "@mycloud/protocol/host-metrics";
import type { Labels } from "@mycloud/protocol/name";
import type { TargetGroup, TargetsQuery } from "@mycloud/protocol/prometheus-targets";
import { mendLabelName } from "../remote-write/index.ts";

/** A host as far as Prometheus may scrape it. */
export interface TargetHost {
  readonly id: number;
  readonly name: string;
  readonly address: string | null;
  readonly customer: string | null;
  readonly labels: Labels;
  /** Whether its agent is to push. */
  readonly isPushed: boolean;
  /** Where its agent answers; null when it does not. */
  readonly endpoint: MetricsEndpoint | null;
}

/**
 * What Prometheus is to scrape. A host that pushes is scraped from the control plane only, so that nothing counts twice. `instance` is the host's name,
 * which is what series of different sources are joined by. Pure.
 */
export function planTargets(
  hosts: readonly TargetHost[],
  publicUrl: string,
  via: TargetsQuery["via"] = undefined,
): TargetGroup[] {
  const here = URL.parse(publicUrl);
  const groups: TargetGroup[] = [];
  for (const host of hosts) {
    if (host.isPushed) {
      if (here === null || via === "agent" || via === "control-plane") continue;
      groups.push({
        targets: [authorityOf(here)],
        labels: { ...labelsOf(host), ...at(here, `/metrics/hosts/${host.id}`) },
      });
    } else if (host.endpoint !== null && (via === undefined || via === "agent")) {
      const { port, scheme } = host.endpoint;
      const place = { __scheme__: scheme, __metrics_path__: "/metrics" };
      groups.push({
        targets: [`${bracketed(host.address ?? host.name)}:${port}`],
        labels: { ...labelsOf(host), ...place },
      });
    }
  }
  if (here === null || via !== "control-plane") return groups;
  // Two targets of one address: without a label of their own their `up` would be the same series.
  const parts = { "control-plane": "/metrics", services: "/metrics/services" };
  return Object.entries(parts).map(([endpoint, path]) => ({
    targets: [authorityOf(here)],
    labels: { instance: here.hostname, endpoint, ...at(here, path) },
  }));
}

/** What an agent finds of its machine and every upgrade changes: as a label of its target it would begin all its series anew. */
const changesOften: ReadonlySet<string> = new Set(["kernel", "distributionVersion"]);

function labelsOf({ name, customer, labels }: TargetHost): Record<string, string> {
  const all: Record<string, string> = { instance: name };
  for (const [label, value] of Object.entries(labels)) {
    if (changesOften.has(label)) continue;
    all[`mycloud_label_${mendLabelName(label).replace(/^_(?=\d)/, "")}`] = value;
  }
  if (customer !== null) all.mycloud_customer = customer;
  return all;
}

function at(url: URL, path: string): Record<string, string> {
  return { __scheme__: url.protocol.replace(":", ""), __metrics_path__: `${url.pathname.replace(/\/+$/, "")}${path}` };
}

function authorityOf({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port === "" ? (protocol === "https:" ? 443 : 80) : port}`;
}

function bracketed(address: string): string {
  return address.includes(":") && !address.startsWith("[") ? `[${address}]` : address;
}
