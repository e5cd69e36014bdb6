import type { BackupKeyMode } from "@mycloud/protocol/backup-policy";
import { type HostSelector, matchesHost, type SelectableHost } from "@mycloud/protocol/selector";
import { repositoryPath } from "./repository-path.ts";

export interface PlannedPolicy {
  readonly id: number;
  readonly name: string;
  readonly selector: HostSelector;
  readonly isEnabled: boolean;
  /** Null: the default one. */
  readonly storage: string | null;
  readonly keyMode: BackupKeyMode;
  readonly rpoSeconds: number | null;
  readonly rtoSeconds: number | null;
}

export interface PlannedHost extends SelectableHost {
  readonly id: number;
  readonly customer: string | null;
}

/** A repository as it is stored. */
export interface StoredRepository {
  readonly id: number;
  readonly hostId: number | null;
  readonly hostName: string;
  readonly customer: string | null;
  readonly policyId: number | null;
  readonly policyName: string;
  readonly storageName: string;
  readonly path: string;
  readonly keyMode: BackupKeyMode;
  readonly isAssigned: boolean;
  readonly rpoSeconds: number | null;
  readonly rtoSeconds: number | null;
}

/** What is to be true of a repository that is in use. */
export interface Assignment {
  readonly hostId: number;
  readonly hostName: string;
  readonly customer: string | null;
  readonly policyId: number;
  readonly policyName: string;
  readonly rpoSeconds: number | null;
  readonly rtoSeconds: number | null;
}

export interface RepositoryPlan {
  readonly create: readonly (Assignment & {
    readonly storageName: string;
    readonly path: string;
    readonly keyMode: BackupKeyMode;
  })[];
  /** Those that are in use from now on, or whose names or objectives are others now. */
  readonly assign: readonly { readonly id: number; readonly assignment: Assignment; readonly isNew: boolean }[];
  readonly unassign: readonly number[];
  /** Policies that have no storage server to go to. */
  readonly homeless: readonly string[];
}

/**
 * What has to change so that each host has a repository for each policy that matches it. Another storage server or key mode means another repository; the
 * one before is kept, unused. One that a deleted host or policy left is taken up again by those of the same names and customer. Pure.
 */
export function planRepositories(
  policies: readonly PlannedPolicy[],
  hosts: readonly PlannedHost[],
  repositories: readonly StoredRepository[],
  defaultStorage: string | null,
): RepositoryPlan {
  const taken = new Set(repositories.map(placeOf));
  const byOwner = Map.groupBy(repositories, ({ hostId, policyId }) => `${hostId} ${policyId}`);
  const orphans = repositories.filter(({ hostId, policyId }) => hostId === null || policyId === null);
  const used = new Set<number>();
  const create: RepositoryPlan["create"][number][] = [];
  const assign: RepositoryPlan["assign"][number][] = [];
  const homeless: string[] = [];
  for (const policy of policies) {
    if (!policy.isEnabled) continue;
    const storageName = policy.storage ?? defaultStorage;
    if (storageName === null) {
      homeless.push(policy.name);
      continue;
    }
    for (const host of hosts) {
      if (!matchesHost(policy.selector, host)) continue;
      const assignment = assignmentOf(host, policy);
      const isFitting = (one: StoredRepository) =>
        one.storageName === storageName && one.keyMode === policy.keyMode && !used.has(one.id);
      const own = byOwner.get(`${host.id} ${policy.id}`)?.find(isFitting);
      const found = own ?? orphans.find((orphan) => isFitting(orphan) && isLeftBy(orphan, assignment));
      if (found === undefined) {
        const base = repositoryPath(host.customer, host.name, policy.name);
        const path = freePath(taken, storageName, base);
        create.push({ ...assignment, storageName, path, keyMode: policy.keyMode });
        continue;
      }
      used.add(found.id);
      if (!found.isAssigned || !isAsAssigned(found, assignment)) {
        assign.push({ id: found.id, assignment, isNew: !found.isAssigned });
      }
    }
  }
  const unassign = repositories.filter(({ id, isAssigned }) => isAssigned && !used.has(id)).map(({ id }) => id);
  return { create, assign, unassign, homeless };
}

function assignmentOf(host: PlannedHost, policy: PlannedPolicy): Assignment {
  return {
    hostId: host.id,
    hostName: host.name,
    customer: host.customer,
    policyId: policy.id,
    policyName: policy.name,
    rpoSeconds: policy.rpoSeconds,
    rtoSeconds: policy.rtoSeconds,
  };
}

/** Whether an orphan was of these names, and so much of its owner as is left is the same. */
function isLeftBy(orphan: StoredRepository, wanted: Assignment): boolean {
  return (
    orphan.hostName === wanted.hostName &&
    orphan.policyName === wanted.policyName &&
    orphan.customer === wanted.customer &&
    (orphan.hostId === null || orphan.hostId === wanted.hostId) &&
    (orphan.policyId === null || orphan.policyId === wanted.policyId)
  );
}

function isAsAssigned(stored: StoredRepository, wanted: Assignment): boolean {
  return (Object.keys(wanted) as (keyof Assignment)[]).every((field) => stored[field] === wanted[field]);
}

function placeOf({ storageName, path }: { readonly storageName: string; readonly path: string }): string {
  return `${storageName} ${path}`;
}

function freePath(taken: Set<string>, storageName: string, base: string): string {
  for (let number = 1; ; number++) {
    const path = number === 1 ? base : `${base}.${number}`;
    const place = placeOf({ storageName, path });
    if (taken.has(place)) continue;
    taken.add(place);
    return path;
  }
}
