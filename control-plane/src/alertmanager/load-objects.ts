import { MonitoredSettings } from "@mycloud/protocol/monitored";
import { Labels } from "@mycloud/protocol/name";
import { z } from "zod";
import type { Executor } from "../database/dialect/dialect.ts";
import { effectiveLabels } from "../host/effective-labels.ts";
import { chunksOf } from "../monitored/id-list.ts";
import type { Scope } from "../scope/index.ts";
import { turnOfOthers } from "../status-view/load-states.ts";
import type { AlertObject } from "./alert-object.ts";
import { findAllAlerts } from "./alert-store.ts";
import { objectsOfHost, usualBusinessImpact } from "./objects-of-host.ts";

const Groups = z.array(z.string());
/** Hosts read at a time, with their services: others take their turn between. */
const hostsPerChunk = 200;

/** `with-alerts`: only the hosts that alerts were sent for. */
export type WhichObjects = "all" | "with-alerts";

/** Reads hosts and services within a scope, with the labels of the alerts that were sent for them. Services that alerts will make are among them. */
export async function loadObjects(executor: Executor, scope: Scope, which: WhichObjects): Promise<AlertObject[]> {
  const alerts = Map.groupBy(await findAllAlerts(executor), (alert) => alert.hostName);
  const impactOf = createImpactReader();
  const objects: AlertObject[] = [];
  const known = new Set<string>();
  for await (const rows of hostChunks(executor, scope, which === "all" ? null : [...alerts.keys()])) {
    const services = await findServices(
      executor,
      rows.map(({ id }) => id),
    );
    for (const row of rows) {
      known.add(row.name);
      const host = {
        name: row.name,
        customer: row.customer,
        groups: Groups.parse(JSON.parse(row.groups_json)),
        labels: effectiveLabels(Labels.parse(JSON.parse(row.facts_json)), Labels.parse(JSON.parse(row.labels_json))),
      };
      const own = (services.get(row.id) ?? []).map((service) => ({
        name: service.name,
        businessImpact: impactOf(service.check_json ?? service.settings_json),
      }));
      objects.push(...objectsOfHost(host, impactOf(row.settings_json), own, alerts.get(row.name) ?? []));
    }
    await turnOfOthers();
  }
  for (const [name, own] of alerts) {
    const customer = own[0]?.customer ?? null;
    if (known.has(name) || (scope.kind === "customer" && scope.customer !== customer)) continue;
    const host = { name, customer, groups: [], labels: {} };
    objects.push(...objectsOfHost(host, usualBusinessImpact, [], own));
  }
  return objects;
}

/** Hosts by id, a chunk at a time; those of these names where there are some. */
async function* hostChunks(executor: Executor, scope: Scope, names: readonly string[] | null) {
  const hosts = (after: number) => {
    const rows = executor
      .selectFrom("host")
      .select(["id", "name", "customer", "labels_json", "facts_json", "groups_json", "settings_json"])
      .where("id", ">", after)
      .orderBy("id");
    return scope.kind === "customer" ? rows.where("customer", "=", scope.customer) : rows;
  };
  if (names !== null) {
    for (const chunk of chunksOf(names, hostsPerChunk)) yield await hosts(-1).where("name", "in", chunk).execute();
    return;
  }
  for (let after = -1; ; ) {
    const rows = await hosts(after).limit(hostsPerChunk).execute();
    yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < hostsPerChunk) return;
    after = last.id;
  }
}

async function findServices(executor: Executor, hostIds: readonly number[]) {
  if (hostIds.length === 0) return new Map<number, never[]>();
  const rows = await executor
    .selectFrom("service")
    .leftJoin("check_definition", "check_definition.id", "service.check_id")
    .select([
      "service.host_id",
      "service.name",
      "service.settings_json",
      "check_definition.settings_json as check_json",
    ])
    .where("service.host_id", "in", hostIds)
    .execute();
  return Map.groupBy(rows, (row) => row.host_id);
}

/** Most are set alike: each setting is read once. */
function createImpactReader(): (settingsJson: string | null) => number {
  const known = new Map<string, number>();
  return (settingsJson) => {
    const json = settingsJson ?? "{}";
    const impact = known.get(json) ?? MonitoredSettings.parse(JSON.parse(json)).businessImpact;
    known.set(json, impact);
    return impact;
  };
}
