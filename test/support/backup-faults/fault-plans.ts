import type { FaultPointName } from "@mycloud/backup/fault-point";
import type { FaultSite } from "./fault-site.ts";

/** What a client of ours is killed at. */
export type ClientWork = "backup" | "prune" | "forget" | "repair";

/** The arguments of `mycloud repo` that make it do so on a copy of the site's template. */
export function argumentsOf(work: ClientWork, site: Pick<FaultSite, "after">): readonly string[] {
  const all: Readonly<Record<ClientWork, readonly string[]>> = {
    backup: ["backup", "--quiet", site.after],
    prune: ["prune", "--quiet", "--max-unused", "0"],
    forget: ["forget", "--quiet", "--keep-last", "2", "--prune"],
    repair: ["repair", "index", "--quiet", "--read-all-packs"],
  };
  return all[work];
}

/** Where a client is killed in every test run: at least once at every point. `npm run test:faults` does it at every arrival. */
export interface ClientFault {
  readonly work: ClientWork;
  readonly point: FaultPointName;
  /** The first arrival it is killed at. */
  readonly first?: number;
  /** Every so many arrivals from there on; once only unless given. */
  readonly step?: number;
}

export const clientFaults: readonly ClientFault[] = [
  { work: "backup", point: "durable-file/created", first: 3 },
  // Written but not renamed, and renamed but not yet durable: lock, packs, index and snapshot in turn.
  { work: "backup", point: "durable-file/written", step: 2 },
  { work: "backup", point: "durable-file/synced", first: 3 },
  { work: "backup", point: "durable-file/renamed", first: 2, step: 2 },
  { work: "backup", point: "durable-file/directory-synced", first: 2 },
  { work: "backup", point: "lock/created" },
  { work: "backup", point: "lock/before-release" },
  { work: "prune", point: "prune/pack-written", step: 2 },
  { work: "prune", point: "prune/repacked" },
  { work: "prune", point: "prune/index-written" },
  { work: "prune", point: "index/before-new-index" },
  { work: "prune", point: "index/new-index-saved", step: 2 },
  { work: "prune", point: "index/old-index-removed", step: 2 },
  { work: "prune", point: "prune/pack-removed", step: 2 },
  { work: "repair", point: "repair/before-new-index" },
  { work: "repair", point: "repair/new-index-saved" },
];

/** What the storage server is at when it dies: a client's work, the deletion of a repository, or its own scrub. */
export type ServerWork = "backup" | "prune" | "making" | "removal" | "scrub";

/** Where the storage server dies, the which-th time it gets there, and at what. */
export const serverFaults: readonly (readonly [FaultPointName, number, ServerWork])[] = [
  ["storage/upload-created", 3, "backup"],
  ["storage/upload-written", 4, "backup"],
  ["storage/upload-synced", 3, "backup"],
  ["storage/upload-renamed", 2, "backup"],
  ["storage/upload-renamed", 4, "backup"],
  ["storage/upload-directory-synced", 3, "backup"],
  ["storage/order-written", 1, "backup"],
  ["storage/order-synced", 1, "backup"],
  ["storage/event-written", 1, "backup"],
  ["storage/trashed", 1, "prune"],
  ["storage/trashed", 3, "prune"],
  ["storage/trash-synced", 2, "prune"],
  ["storage/upload-renamed", 2, "prune"],
  ["storage/repository-half-made", 1, "making"],
  ["storage/repository-trashed", 1, "removal"],
  ["storage/quarantined", 1, "scrub"],
];

/** Points that a run gets to only after minutes, and the unit tests that kill a process there. */
export const pointsOfUnitTests: Readonly<Partial<Record<FaultPointName, string>>> = {
  "lock/refreshed": "backup/src/lock/with-lock.test.ts",
};
