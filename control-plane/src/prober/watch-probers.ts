import type { Logger } from "pino";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { Leases } from "../database/lease.ts";
import { chooseProbers, type ProbedHost } from "./choose-probers.ts";
import { findAgentPresence } from "./find-agent-presence.ts";
import { canProbe, findAssignments, findProbedHosts, saveAssignments } from "./store.ts";

export interface WatchProbersDependencies {
  readonly database: ConnectedDatabase;
  /** Left out where there is only one control plane. */
  readonly leases: Leases | undefined;
  /** Agents have other hosts to probe: they have to be told. */
  readonly onChanged: () => void;
  /** These hosts have somebody to probe them, in the control plane that decided it: results are to be expected. */
  readonly onAssigned?: (hostIds: readonly number[]) => Promise<void>;
  readonly logger: Logger;
  readonly now: () => number;
}

export interface ProbersWatch {
  /** Looks once; call it every few seconds. */
  look(): Promise<void>;
  /** Definitions changed: who is to be probed is read anew. */
  forget(): void;
}

const leaseMs = 15_000;

/** Makes what decides who probes whom, in one control plane, and tells agents of it, in each. */
export function createProbersWatch(dependencies: WatchProbersDependencies): ProbersWatch {
  const { database, leases, onChanged, onAssigned, logger, now } = dependencies;
  let hosts: readonly ProbedHost[] | undefined;
  let told: string | undefined;

  async function decide(): Promise<void> {
    const probed = hosts ?? (await findProbedHosts(database.db));
    hosts = probed;
    const present = await findAssignments(database.db);
    if (probed.length === 0 && present.length === 0) return;
    const candidates = [...new Set(probed.flatMap((host) => host.candidates))];
    const presences = await findAgentPresence(database.db, database.dialect, candidates, now());
    const live = new Set([...presences].flatMap(([id, presence]) => (canProbe(presence) ? id : [])));
    const { changed, ended } = chooseProbers(probed, live, present);
    if (changed.length === 0 && ended.length === 0) return;
    await saveAssignments(database, changed, ended, now());
    await onAssigned?.(changed.map(({ hostId }) => hostId));
    logger.info({ changed: changed.slice(0, 20), hosts: changed.length, ended: ended.length }, "probers assigned");
  }

  return {
    async look() {
      if (leases === undefined) await decide();
      else await leases.runLeased("probers", leaseMs, decide);
      const assignments = await findAssignments(database.db);
      const present = JSON.stringify(assignments);
      const isChanged = told !== undefined ? present !== told : assignments.length > 0;
      told = present;
      if (isChanged) onChanged();
    },
    forget() {
      hosts = undefined;
    },
  };
}
