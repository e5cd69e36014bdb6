import { MonitoredSettings } from "@mycloud/protocol/monitored";
import { Labels } from "@mycloud/protocol/name";
import { z } from "zod";
import type { Executor } from "../database/dialect/dialect.ts";
import { effectiveLabels } from "../host/effective-labels.ts";
import type { Scope } from "../scope/index.ts";
import type { AlertObject } from "./alert-object.ts";
import { findAllAlerts, type StoredAlert } from "./alert-store.ts";

const Groups = z.array(z.string());

/** Reads every host and service within a scope, with the labels of the alerts that were sent for it. Services that alerts will make are among them. */
export async function loadObjects(executor: Executor, scope: Scope): Promise<AlertObject[]> {
  let hosts = executor
    .selectFrom("host")
    .select(["id", "name", "customer", "labels_json", "facts_json", "groups_json", "settings_json"]);
  if (scope.kind === "customer") hosts = hosts.where("customer", "=", scope.customer);
  const hostRows = await hosts.execute();
  const serviceRows = await executor
    .selectFrom("service")
    .leftJoin("check_definition", "check_definition.id", "service.check_id")
    .select([
      "service.host_id",
      "service.name",
      "service.settings_json",
      "check_definition.settings_json as check_json",
    ])
    .execute();
  const services = Map.groupBy(serviceRows, (row) => row.host_id);
  const alerts = Map.groupBy(await findAllAlerts(executor), (alert) => alert.hostName);
  const objects: AlertObject[] = [];
  const known = new Set<string>();
  for (const row of hostRows) {
    known.add(row.name);
    const host = {
      name: row.name,
      customer: row.customer,
      groups: Groups.parse(JSON.parse(row.groups_json)),
      labels: effectiveLabels(Labels.parse(JSON.parse(row.facts_json)), Labels.parse(JSON.parse(row.labels_json))),
    };
    objects.push({ host, serviceName: null, businessImpact: impactOf(row.settings_json), sent: [] });
    const sent = Map.groupBy(alerts.get(row.name) ?? [], (alert) => alert.serviceName);
    for (const service of services.get(row.id) ?? []) {
      const businessImpact = impactOf(service.check_json ?? service.settings_json);
      const labels = labelsOf(sent.get(service.name) ?? []);
      objects.push({ host, serviceName: service.name, businessImpact, sent: labels });
      sent.delete(service.name);
    }
    objects.push(...coming(host, sent));
  }
  for (const [name, own] of alerts) {
    const customer = own[0]?.customer ?? null;
    if (known.has(name) || (scope.kind === "customer" && scope.customer !== customer)) continue;
    const host = { name, customer, groups: [], labels: {} };
    objects.push({ host, serviceName: null, businessImpact: impactOf(null), sent: [] });
    objects.push(
      ...coming(
        host,
        Map.groupBy(own, (alert) => alert.serviceName),
      ),
    );
  }
  return objects;
}

/** Services whose first result is on its way. */
function coming(host: AlertObject["host"], sent: ReadonlyMap<string, readonly StoredAlert[]>): AlertObject[] {
  return [...sent].map(([serviceName, own]) => ({
    host,
    serviceName,
    businessImpact: impactOf(null),
    sent: labelsOf(own),
  }));
}

/** What fires says what a service is about; while nothing does, what fired before. */
function labelsOf(alerts: readonly StoredAlert[]) {
  const firing = alerts.filter(({ resolvedAtMs }) => resolvedAtMs === null);
  return (firing.length > 0 ? firing : alerts).map(({ labels }) => labels);
}

function impactOf(settingsJson: string | null): number {
  const json = settingsJson ?? "{}";
  return MonitoredSettings.parse(JSON.parse(json)).businessImpact;
}
