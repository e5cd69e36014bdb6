import { Labels } from "@mycloud/protocol/name";
import type { ResourceDefinition } from "@mycloud/protocol/resource";
import { z } from "zod";
import { planHostChecks } from "../check/plan-host-checks.ts";
import {
  type PlannedCheck,
  type PlannedHost,
  planServices,
  type ServiceConflict,
  type StoredService,
} from "../check/plan-services.ts";
import type { Executor } from "../database/dialect/dialect.ts";
import { effectiveLabels, ownLabels } from "../host/effective-labels.ts";
import { definitionKey } from "../resource/definition.ts";
import type { PlannedChange } from "../resource/plan-changes.ts";
import { isWrite, reachesItsServices } from "./plan-steps.ts";

const Groups = z.array(z.string());

/** What a plan comes to in services of checks. */
export interface ServiceEffect {
  readonly conflicts: readonly ServiceConflict[];
  readonly created: number;
  readonly removed: number;
  /** Hosts as selectors will see them. */
  readonly hosts: readonly PlannedHost[];
}

/**
 * Finds what services a plan comes to without writing any of it: how many appear and go, and which names two definitions want. Conflicts that were there
 * before and that the plan has no part in are left out. `definitions` is all there will be.
 */
export async function findServiceEffect(
  executor: Executor,
  planned: readonly PlannedChange[],
  definitions: readonly ResourceDefinition[],
  ids: ReadonlyMap<string, number>,
): Promise<ServiceEffect> {
  const hosts = await findProposedHosts(executor, definitions, ids);
  const changedHosts = planned.filter((change) => change.kind === "Host" && isWrite(change)).filter(reachesItsServices);
  const changedChecks = planned.filter((change) => change.kind === "Check" && change.action !== "unchanged");
  const reaching = changedChecks.filter((change) => !isWrite(change) || reachesItsServices(change));
  const passive = planned.filter((change) => change.kind === "Service" && change.action === "create");
  if (changedHosts.length + reaching.length + passive.length === 0) {
    return { conflicts: [], created: 0, removed: 0, hosts };
  }
  let unknown = 0;
  const idOf = (key: string) => ids.get(key) ?? --unknown;
  const checks = definitions.flatMap((definition): PlannedCheck[] => {
    if (definition.kind !== "Check") return [];
    const { serviceName, selector, target } = definition.spec;
    return [{ id: idOf(definitionKey(definition)), name: definition.name, serviceName, selector, target }];
  });
  const services = await findProposedServices(executor, planned, hosts);
  const plan = planServices(checks, hosts, services);
  const told = await executor.selectFrom("host_check").select(["host_id", "check_id"]).execute();
  const storedTold = told.map((row) => ({ hostId: row.host_id, checkId: row.check_id, claimant: null }));
  const ofHosts = planHostChecks(checks, hosts, storedTold);
  const hostNames = new Set(changedHosts.map(({ name }) => name));
  const claimants = new Set(reaching.map(({ name }) => `check "${name}"`));
  const passiveNames = new Set(passive.map(({ name }) => name));
  const conflicts = [...plan.conflicts, ...ofHosts.conflicts].filter(
    ({ hostName, serviceName, claimants: both }) =>
      hostNames.has(hostName) ||
      both.some((claimant) => claimants.has(claimant)) ||
      passiveNames.has(`${hostName}/${serviceName}`),
  );
  return { conflicts, created: plan.create.length, removed: plan.remove.length, hosts };
}

async function findProposedHosts(
  executor: Executor,
  definitions: readonly ResourceDefinition[],
  ids: ReadonlyMap<string, number>,
): Promise<PlannedHost[]> {
  const rows = await executor.selectFrom("host").select(["name", "labels_json", "facts_json"]).execute();
  const stored = new Map(rows.map((row) => [row.name, row]));
  let unknown = 0;
  return definitions.flatMap((definition): PlannedHost[] => {
    if (definition.kind !== "Host") return [];
    const { name, spec } = definition;
    const row = stored.get(name);
    const facts = Labels.parse(JSON.parse(row?.facts_json ?? "{}"));
    const own = ownLabels(facts, Labels.parse(JSON.parse(row?.labels_json ?? "{}")), spec.labels);
    const id = ids.get(definitionKey(definition)) ?? --unknown;
    return [{ id, name, labels: effectiveLabels(facts, own), groups: Groups.parse(spec.groups) }];
  });
}

/** The services there are and the passive ones there will be, without those that go. */
async function findProposedServices(
  executor: Executor,
  planned: readonly PlannedChange[],
  hosts: readonly PlannedHost[],
): Promise<StoredService[]> {
  const byName = new Map(hosts.map(({ id, name }) => [name, id]));
  const gone = new Set<string>();
  const added: StoredService[] = [];
  for (const { kind, action, before, after } of planned) {
    if (kind === "Service" && action === "delete" && before?.kind === "Service") {
      gone.add(`${byName.get(before.host)} ${before.name}`);
    }
    if (action === "create" && after?.kind === "Service") {
      const hostId = byName.get(after.host);
      if (hostId === undefined) continue;
      added.push({ id: 0, hostId, checkId: null, name: after.name, claimant: "a passive service" });
    }
  }
  const rows = await executor.selectFrom("service").select(["id", "host_id", "check_id", "name"]).execute();
  const present = rows.map((row) => ({
    id: row.id,
    hostId: row.host_id,
    checkId: row.check_id,
    name: row.name,
    claimant: row.check_id === null ? "a passive service" : null,
  }));
  return [
    ...present.filter(({ hostId, name, checkId }) => checkId !== null || !gone.has(`${hostId} ${name}`)),
    ...added,
  ];
}
