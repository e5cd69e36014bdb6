import type { HostCheckPlan, StoredHostCheck } from "../check/plan-host-checks.ts";
import type { PlannedCheck, PlannedHost, ServicePlan, StoredService } from "../check/plan-services.ts";

/** A host and the checks whose services change on it. */
export interface TouchedHost {
  readonly host: string;
  readonly checks: readonly string[];
}

/** Hosts whose services change together, and the checks that they are of. */
export interface HostGroup {
  readonly hosts: readonly string[];
  readonly checks: readonly string[];
}

interface Touch {
  readonly hosts: readonly PlannedHost[];
  readonly checks: readonly PlannedCheck[];
  readonly services: readonly StoredService[];
  readonly told: readonly StoredHostCheck[];
  readonly servicePlan: ServicePlan;
  readonly hostPlan: HostCheckPlan;
  /** Hosts that are written, by id. */
  readonly changedHosts: ReadonlySet<number>;
  /** Checks that are written, by id. */
  readonly changedChecks: ReadonlySet<number>;
  /** Checks that go, by id, with their names. */
  readonly goneChecks: ReadonlyMap<number, string>;
}

/**
 * Finds what carrying out has to look at: for each host the checks by which its services change (`synced`), and those that go with theirs (`cleared`). What
 * it is spared is every other check on every host, which is their product. Pure.
 */
export function findTouchedHosts(touch: Touch): { readonly synced: TouchedHost[]; readonly cleared: TouchedHost[] } {
  const nameOfCheck = new Map(touch.checks.map(({ id, name }) => [id, name]));
  const synced = new Map<number, Set<string>>();
  const cleared = new Map<number, Set<string>>();
  const note = (hostId: number, checkId: number | null | undefined) => {
    if (checkId === null || checkId === undefined) return;
    const gone = touch.goneChecks.get(checkId);
    if (gone !== undefined) return add(cleared, hostId, gone);
    const name = nameOfCheck.get(checkId);
    if (name === undefined) return;
    if (touch.changedHosts.has(hostId) || touch.changedChecks.has(checkId)) add(synced, hostId, name);
  };
  const { servicePlan, hostPlan } = touch;
  const checkOf = new Map(touch.services.map(({ id, checkId }) => [id, checkId]));
  const toldBy = new Map(touch.told.map(({ hostId, checkId }) => [hostId, checkId]));
  for (const { hostId, checkId } of servicePlan.create) note(hostId, checkId);
  for (const { hostId, serviceId } of [...servicePlan.rename, ...servicePlan.remove])
    note(hostId, checkOf.get(serviceId));
  for (const { hostId, checkId } of hostPlan.set) {
    note(hostId, checkId);
    note(hostId, toldBy.get(hostId));
  }
  for (const hostId of hostPlan.clear) note(hostId, toldBy.get(hostId));
  // What a check says of its services' attempts, or that it is disabled, is stored with each of them.
  for (const { hostId, checkId } of [...touch.services, ...touch.told]) {
    if (checkId !== null && (touch.changedChecks.has(checkId) || touch.goneChecks.has(checkId))) note(hostId, checkId);
  }
  const inOrder = (found: ReadonlyMap<number, ReadonlySet<string>>) =>
    touch.hosts.flatMap(({ id, name }) => {
      const checks = found.get(id);
      return checks === undefined ? [] : { host: name, checks: [...checks] };
    });
  return { synced: inOrder(synced), cleared: inOrder(cleared) };
}

function add(map: Map<number, Set<string>>, hostId: number, name: string): void {
  const names = map.get(hostId);
  if (names === undefined) map.set(hostId, new Set([name]));
  else names.add(name);
}

/** A group's services change in some milliseconds. */
const servicesInGroup = 100;
const hostsInGroup = 50;

/** Puts hosts together as they are carried out at once; a host is in one group only. Pure. */
export function groupHosts(touched: readonly TouchedHost[]): HostGroup[] {
  const groups: HostGroup[] = [];
  let hosts: string[] = [];
  let checks = new Set<string>();
  let services = 0;
  const close = () => {
    if (hosts.length > 0) groups.push({ hosts, checks: [...checks] });
    hosts = [];
    checks = new Set();
    services = 0;
  };
  for (const one of touched) {
    if (services + one.checks.length > servicesInGroup || hosts.length >= hostsInGroup) close();
    hosts.push(one.host);
    for (const name of one.checks) checks.add(name);
    services += one.checks.length;
  }
  close();
  return groups;
}
