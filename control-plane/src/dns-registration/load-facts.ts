import type { DnsRegistrationInput } from "@mycloud/protocol/dns-zone";
import { Labels } from "@mycloud/protocol/name";
import { z } from "zod";
import type { Executor } from "../database/dialect/dialect.ts";
import { loadDefinitions } from "../definition/store.ts";
import { findAllZones } from "../dns-zone/zone-store.ts";
import { effectiveLabels } from "../host/effective-labels.ts";
import type { Sealer } from "../sealing/index.ts";
import type { RegisteringHost, RegistrationFacts } from "./want-records.ts";

const Groups = z.array(z.string());

/** Reads all that registrations are worked out of: those that are on, the hosts that tell addresses, the zones. */
export async function loadFacts(executor: Executor, sealer: Sealer, nowMs: number): Promise<RegistrationFacts> {
  const registrations = (await loadDefinitions(executor, "DnsRegistration", sealer)).filter(
    ({ isEnabled }) => isEnabled,
  );
  const zones = (await findAllZones(executor)).map(({ id, name, view, kind, settings }) => {
    return { id, name, view, kind, customer: settings.customer };
  });
  const hosts = registrations.length === 0 ? [] : await loadHosts(executor, registrations);
  return { registrations, hosts, zones, nowMs };
}

async function loadHosts(
  executor: Executor,
  registrations: readonly DnsRegistrationInput[],
): Promise<RegisteringHost[]> {
  const addresses = await executor
    .selectFrom("host_address")
    .select(["host_id", "address", "gone_at_ms"])
    .orderBy("host_id")
    .orderBy("address")
    .execute();
  const addressesOf = Map.groupBy(addresses, (row) => row.host_id);
  const services = await loadServices(executor, registrations);
  const hosts = await executor
    .selectFrom("host")
    .select(["id", "name", "customer", "labels_json", "facts_json", "groups_json"])
    .where("id", "in", (eb) => eb.selectFrom("host_address").select("host_id"))
    .execute();
  return hosts.map((row) => ({
    ...{ id: row.id, name: row.name, customer: row.customer, groups: Groups.parse(JSON.parse(row.groups_json)) },
    labels: effectiveLabels(Labels.parse(JSON.parse(row.facts_json)), Labels.parse(JSON.parse(row.labels_json))),
    addresses: (addressesOf.get(row.id) ?? []).map(({ address, gone_at_ms: goneAtMs }) => ({ address, goneAtMs })),
    services: services.get(row.id) ?? new Set(),
  }));
}

/** Of the services that records follow, which each host has. */
async function loadServices(
  executor: Executor,
  registrations: readonly DnsRegistrationInput[],
): Promise<ReadonlyMap<number, ReadonlySet<string>>> {
  const names = [...new Set(registrations.flatMap(({ healthService }) => healthService ?? []))];
  const found = new Map<number, Set<string>>();
  if (names.length === 0) return found;
  const rows = await executor.selectFrom("service").select(["host_id", "name"]).where("name", "in", names).execute();
  for (const { host_id: hostId, name } of rows) found.set(hostId, (found.get(hostId) ?? new Set()).add(name));
  return found;
}
