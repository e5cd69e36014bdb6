import { exactHosts, type HostSelector, matchesHost, type SelectableHost } from "@mycloud/protocol/selector";

export interface PlannedCheck {
  readonly id: number;
  readonly name: string;
  readonly serviceName: string | null;
  readonly selector: HostSelector;
  /** `host`: it makes no service, but tells whether the hosts it matches are UP. Left out: service. */
  readonly target?: "service" | "host";
}

export interface PlannedHost extends SelectableHost {
  readonly id: number;
}

/** A service as stored; `checkId` null = passive. */
export interface StoredService {
  readonly id: number;
  readonly hostId: number;
  readonly checkId: number | null;
  readonly name: string;
  /** Set on services that the plan must leave alone and whose names are taken: passive ones, and those of checks not planned now. */
  readonly claimant: string | null;
}

/** Two definitions that want the same service name on one host, or (name null) both to tell whether it is UP. */
export interface ServiceConflict {
  readonly hostName: string;
  readonly serviceName: string | null;
  /** Names of both, as a person would say them: `check "disk"`, `the passive service`. */
  readonly claimants: readonly [string, string];
}

/** What has to change so that every check has exactly one service on every host it matches. */
export interface ServicePlan {
  readonly create: readonly { hostId: number; checkId: number; name: string }[];
  readonly rename: readonly { serviceId: number; hostId: number; from: string; to: string }[];
  readonly remove: readonly { serviceId: number; hostId: number; name: string; reason: RemovalReason }[];
  readonly kept: number;
  readonly conflicts: readonly ServiceConflict[];
}

export type RemovalReason = "check-deleted" | "selector-no-longer-matches";

/**
 * Computes which services checks amount to. A service without claimant whose check is not among `checks` is removed. A service follows its check by id, so renames keep its history. With conflicts, the plan leaves the later
 * claimant as it is: a caller that may not refuse (an agent's facts changed) can still apply it. Pure; checks that name their
 * hosts one by one cost those hosts alone.
 */
export function planServices(
  allChecks: readonly PlannedCheck[],
  hosts: readonly PlannedHost[],
  services: readonly StoredService[],
): ServicePlan {
  const checks = allChecks.filter((check) => check.target !== "host");
  const checkIds = new Set(checks.map((check) => check.id));
  const servicesByHost = Map.groupBy(services, (service) => service.hostId);
  const plan = { create: [], rename: [], remove: [], kept: 0, conflicts: [] } as MutablePlan;
  const candidatesOf = indexChecks(checks);
  for (const host of hosts) {
    planHost(plan, candidatesOf(host.name), checkIds, host, servicesByHost.get(host.id) ?? []);
  }
  return plan;
}

/** Makes what answers which checks can match a host of a name, in the order in which they came. */
function indexChecks(checks: readonly PlannedCheck[]): (hostName: string) => readonly PlannedCheck[] {
  const general: number[] = [];
  const byHost = new Map<string, number[]>();
  for (const [index, { selector }] of checks.entries()) {
    const names = exactHosts(selector);
    if (names === null) general.push(index);
    for (const name of new Set(names)) {
      const indexes = byHost.get(name);
      if (indexes === undefined) byHost.set(name, [index]);
      else indexes.push(index);
    }
  }
  const checksAt = (indexes: readonly number[]) => indexes.flatMap((index) => checks[index] ?? []);
  const ofAnyHost = checksAt(general);
  return (hostName) => {
    const named = byHost.get(hostName);
    return named === undefined ? ofAnyHost : checksAt([...general, ...named].sort((a, b) => a - b));
  };
}

type MutablePlan = {
  -readonly [Key in keyof ServicePlan]: ServicePlan[Key] extends readonly (infer Item)[] ? Item[] : ServicePlan[Key];
};

function planHost(
  plan: MutablePlan,
  checks: readonly PlannedCheck[],
  checkIds: ReadonlySet<number>,
  host: PlannedHost,
  services: readonly StoredService[],
): void {
  const claimants = new Map<string, string>();
  const byCheckId = new Map<number, StoredService>();
  for (const service of services) {
    if (service.claimant !== null || service.checkId === null) {
      claimants.set(service.name, service.claimant ?? "a passive service");
    } else byCheckId.set(service.checkId, service);
  }
  const matching = checks.filter((check) => matchesHost(check.selector, host));
  // Whoever has the name already keeps it, so that a plan applied in spite of a conflict never takes a service away from its check.
  matching.sort((a, b) => Number(hasItsName(b, byCheckId)) - Number(hasItsName(a, byCheckId)));
  for (const check of matching) {
    const name = serviceNameOf(check);
    const claimant = `check "${check.name}"`;
    const other = claimants.get(name);
    if (other !== undefined) {
      plan.conflicts.push({ hostName: host.name, serviceName: name, claimants: [other, claimant] });
      byCheckId.delete(check.id);
      continue;
    }
    claimants.set(name, claimant);
    planService(plan, check.id, name, host, byCheckId.get(check.id));
    byCheckId.delete(check.id);
  }
  for (const service of byCheckId.values()) {
    const isCheckGone = service.checkId === null || !checkIds.has(service.checkId);
    const reason = isCheckGone ? "check-deleted" : "selector-no-longer-matches";
    plan.remove.push({ serviceId: service.id, hostId: host.id, name: service.name, reason });
  }
}

function serviceNameOf(check: PlannedCheck): string {
  return check.serviceName ?? check.name;
}

function hasItsName(check: PlannedCheck, byCheckId: ReadonlyMap<number, StoredService>): boolean {
  return byCheckId.get(check.id)?.name === serviceNameOf(check);
}

function planService(
  plan: MutablePlan,
  checkId: number,
  name: string,
  host: PlannedHost,
  service: StoredService | undefined,
): void {
  if (service === undefined) plan.create.push({ hostId: host.id, checkId, name });
  else if (service.name !== name)
    plan.rename.push({ serviceId: service.id, hostId: host.id, from: service.name, to: name });
  else plan.kept++;
}

/** Says what collides, for a ConflictError; at most five by name. */
export function describeConflicts(conflicts: readonly ServiceConflict[]): string {
  const named = conflicts
    .slice(0, 5)
    .map(
      ({ hostName, serviceName, claimants: [first, second] }) =>
        `${serviceName === null ? "the host check of" : `service "${serviceName}" on`} host "${hostName}" comes from ${first} and from ${second}`,
    );
  const more = conflicts.length > 5 ? `; and ${conflicts.length - 5} more` : "";
  const isOfHost = conflicts.every(({ serviceName }) => serviceName === null);
  const advice = isOfHost ? "Narrow a selector" : "Give one of them another service name, or narrow a selector";
  return `${named.join("; ")}${more}. ${advice}.`;
}
