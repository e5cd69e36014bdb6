import { MonitoredSettings } from "@mycloud/protocol/monitored";
import type { AlertObject } from "./alert-object.ts";
import type { StoredAlert } from "./alert-store.ts";

interface NamedService {
  readonly name: string;
  readonly businessImpact: number;
}

/** A host itself and its services as silences see them, with the labels of all alerts of that host. Services that alerts will make are among them. Pure. */
export function objectsOfHost(
  host: AlertObject["host"],
  businessImpact: number,
  services: readonly NamedService[],
  alerts: readonly StoredAlert[],
): AlertObject[] {
  const objects: AlertObject[] = [{ host, serviceName: null, businessImpact, sent: [] }];
  const sent = Map.groupBy(alerts, (alert) => alert.serviceName);
  for (const service of services) {
    const labels = labelsOf(sent.get(service.name) ?? []);
    objects.push({ host, serviceName: service.name, businessImpact: service.businessImpact, sent: labels });
    sent.delete(service.name);
  }
  // Those whose first result is on its way.
  for (const [serviceName, own] of sent) {
    objects.push({ host, serviceName, businessImpact: usualBusinessImpact, sent: labelsOf(own) });
  }
  return objects;
}

/** Of what is created without saying more. */
export const usualBusinessImpact = MonitoredSettings.parse({}).businessImpact;

/** What fires says what a service is about; while nothing does, what fired before. */
function labelsOf(alerts: readonly StoredAlert[]) {
  const firing = alerts.filter(({ resolvedAtMs }) => resolvedAtMs === null);
  return (firing.length > 0 ? firing : alerts).map(({ labels }) => labels);
}
