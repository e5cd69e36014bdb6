import { Labels } from "@mycloud/protocol/name";
import type { ResourceDefinition } from "@mycloud/protocol/resource";
import { z } from "zod";
import { planHostChecks } from "../check/plan-host-checks.ts";
import {
  type PlannedCheck,
  type PlannedHost,
  planServices,
  type ServiceConflict,
  type ServicePlan,
  type StoredService,
} from "../check/plan-services.ts";
import type { Executor } from "../database/dialect/dialect.ts";
import { effectiveLabels, ownLabels } from "../host/effective-labels.ts";
import { businessRuleCommand } from "../monitored/index.ts";
import { definitionKey } from "../resource/definition.ts";
import type { PlannedChange } from "../resource/plan-changes.ts";
import { isWrite, reachesItsServices } from "./plan-steps.ts";
import { findTouchedHosts, type TouchedHost } from "./touched-hosts.ts";

const Groups = z.array(z.string());

/** What a plan comes to in services of checks. */
export interface ServiceEffect {
  readonly conflicts: readonly ServiceConflict[];
  readonly created: number;
  readonly removed: number;
  /** Hosts as selectors will see them. */
  readonly hosts: readonly PlannedHost[];
  /** Hosts that get, keep changed, or lose services of checks that are written, or are written themselves. */
  readonly synced: readonly TouchedHost[];
  /** Hosts that lose the services of checks that go. */
  readonly cleared: readonly TouchedHost[];
  /** All services there will be, with the check they are of. */
  readonly services: () => readonly ProposedService[];
}

export interface ProposedService {
  readonly hostId: number;
  readonly name: string;
  /** The name of its check; null: it is passive. */
  readonly check: string | null;
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
  const idOf = numberingOf(ids);
  const hosts = await findProposedHosts(executor, definitions, idOf);
  const changedHosts = planned.filter((change) => change.kind === "Host" && isWrite(change)).filter(reachesItsServices);
  const changedChecks = planned.filter((change) => change.kind === "Check" && change.action !== "unchanged");
  const reaching = changedChecks.filter((change) => !isWrite(change) || reachesItsServices(change));
  const passive = planned.filter((change) => change.kind === "Service" && change.action === "create");
  const rules = changedChecks.filter(
    ({ after }) => after?.kind === "Check" && after.spec.command === businessRuleCommand,
  );
  if (changedHosts.length + reaching.length + passive.length + rules.length === 0) {
    return { conflicts: [], created: 0, removed: 0, hosts, synced: [], cleared: [], services: () => [] };
  }
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
  const idsOf = (changes: readonly PlannedChange[]) => changes.map(({ kind, name }) => idOf(`${kind} ${name}`));
  const { synced, cleared } = findTouchedHosts({
    hosts,
    checks,
    services,
    told: storedTold,
    servicePlan: plan,
    hostPlan: ofHosts,
    changedHosts: new Set(idsOf(changedHosts)),
    changedChecks: new Set(idsOf(reaching.filter(isWrite))),
    goneChecks: new Map(
      reaching.flatMap((change) => (isWrite(change) ? [] : [[idOf(`Check ${change.name}`), change.name]])),
    ),
  });
  const hostNames = new Set(changedHosts.map(({ name }) => name));
  const claimants = new Set(reaching.map(({ name }) => `check "${name}"`));
  const passiveNames = new Set(passive.map(({ name }) => name));
  const conflicts = [...plan.conflicts, ...ofHosts.conflicts].filter(
    ({ hostName, serviceName, claimants: both }) =>
      hostNames.has(hostName) ||
      both.some((claimant) => claimants.has(claimant)) ||
      passiveNames.has(`${hostName}/${serviceName}`),
  );
  return {
    conflicts,
    created: plan.create.length,
    removed: plan.remove.length,
    hosts,
    synced,
    cleared,
    services: () => proposedServices(services, plan, checks),
  };
}

/** Answers ids by `definitionKey`; what is new has one below 0, always the same. */
function numberingOf(ids: ReadonlyMap<string, number>): (key: string) => number {
  const added = new Map<string, number>();
  return (key) => {
    const known = ids.get(key) ?? added.get(key);
    if (known !== undefined) return known;
    added.set(key, -added.size - 1);
    return -added.size;
  };
}

/** Services as they are once a plan is carried out. Pure. */
function proposedServices(
  services: readonly StoredService[],
  plan: ServicePlan,
  checks: readonly PlannedCheck[],
): ProposedService[] {
  const nameOfCheck = new Map(checks.map(({ id, name }) => [id, name]));
  const named = (hostId: number, name: string, checkId: number | null): ProposedService => ({
    hostId,
    name,
    check: checkId === null ? null : (nameOfCheck.get(checkId) ?? null),
  });
  const gone = new Set(plan.remove.map(({ serviceId }) => serviceId));
  const renamed = new Map(plan.rename.map(({ serviceId, to }) => [serviceId, to]));
  const kept = services.filter(({ id, checkId }) => checkId === null || !gone.has(id));
  return [
    ...kept.map(({ id, hostId, name, checkId }) => named(hostId, renamed.get(id) ?? name, checkId)),
    ...plan.create.map(({ hostId, name, checkId }) => named(hostId, name, checkId)),
  ];
}

async function findProposedHosts(
  executor: Executor,
  definitions: readonly ResourceDefinition[],
  idOf: (key: string) => number,
): Promise<PlannedHost[]> {
  const rows = await executor.selectFrom("host").select(["name", "labels_json", "facts_json"]).execute();
  const stored = new Map(rows.map((row) => [row.name, row]));
  return definitions.flatMap((definition): PlannedHost[] => {
    if (definition.kind !== "Host") return [];
    const { name, spec } = definition;
    const row = stored.get(name);
    const facts = Labels.parse(JSON.parse(row?.facts_json ?? "{}"));
    const own = ownLabels(facts, Labels.parse(JSON.parse(row?.labels_json ?? "{}")), spec.labels);
    return [
      {
        id: idOf(definitionKey(definition)),
        name,
        labels: effectiveLabels(facts, own),
        groups: Groups.parse(spec.groups),
      },
    ];
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
