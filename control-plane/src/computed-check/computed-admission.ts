import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { findHeldChecks } from "../dependency/find-held-checks.ts";
import type { DefinitionCache } from "../monitored/index.ts";

/** A service whose check is computed, and when it may be. */
export interface ComputedService {
  readonly serviceId: number;
  readonly hostId: number;
  readonly checkIntervalMs: number;
  /** The time period in which it is computed; always when null. */
  readonly checkPeriod: string | null;
}

/** Which computed checks may run: those inside their periods, and not held by a dependency, as it is with checks that agents run. */
export interface ComputedAdmission {
  /** Those that may be computed now; the others are put off. */
  admit<Service extends ComputedService>(services: readonly Service[]): Promise<readonly Service[]>;
  /** Until when one is put off; undefined when it is not. */
  putOffUntilMs(serviceId: number): number | undefined;
  /** All may be asked for again: definitions changed. */
  clear(): void;
}

/** Whether a check is still held is asked again after this. */
const heldAgainMs = 2_000;
/** One whose period never comes is looked at again after this. */
const neverMs = 3_600_000;

export function createComputedAdmission({
  database,
  definitions,
  now,
}: {
  readonly database: ConnectedDatabase;
  readonly definitions: DefinitionCache;
  readonly now: () => number;
}): ComputedAdmission {
  const putOff = new Map<number, number>();
  return {
    async admit(services) {
      if (services.length === 0) return [];
      const periods = await definitions.timePeriods(database.db);
      const hostIds = [...new Set(services.map(({ hostId }) => hostId))];
      const held = await findHeldChecks(database.db, definitions, hostIds, now());
      return services.filter(({ serviceId, checkPeriod, checkIntervalMs }) => {
        const opensAtMs = periods.nextStart(checkPeriod, now()) ?? now() + neverMs;
        const againAtMs = held.serviceIds.has(serviceId) ? now() + Math.min(checkIntervalMs, heldAgainMs) : opensAtMs;
        const isAdmitted = againAtMs <= now();
        if (isAdmitted) putOff.delete(serviceId);
        else putOff.set(serviceId, againAtMs);
        return isAdmitted;
      });
    },
    putOffUntilMs: (serviceId) => putOff.get(serviceId),
    clear: () => putOff.clear(),
  };
}
