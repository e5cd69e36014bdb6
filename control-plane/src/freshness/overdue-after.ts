/** How often agents say that they are there, unless their host is to be missed sooner. */
export const keepaliveIntervalSeconds = 30;
/** An agent is missed after three intervals: one lost packet or a restart of either side is no outage. */
export const keepaliveOverdueSeconds = 3 * keepaliveIntervalSeconds;
const shortestKeepaliveIntervalSeconds = 3;

/** How often the agent of a host says that it is there: three times in the host's own `freshnessSeconds`, where that is shorter than usual. Pure. */
export function keepaliveIntervalOf(freshnessSeconds: number | null): number {
  if (freshnessSeconds === null) return keepaliveIntervalSeconds;
  const third = Math.floor(freshnessSeconds / 3);
  return Math.min(keepaliveIntervalSeconds, Math.max(shortestKeepaliveIntervalSeconds, third));
}
/** No service is called stale sooner than this after its last result. */
const minimumServiceOverdueSeconds = 60;

/**
 * Milliseconds without keepalive or result after which a host counts as down (agent) or stale (passive, or told of by a check); null = never. An agent's
 * keepalives move the deadline between the results of a host check, though not beyond the check's own. Pure.
 */
export function freshnessOfHost(host: {
  readonly hasAgent: boolean;
  readonly freshnessSeconds: number | null;
  /** Of the check that tells whether it is UP; null or left out where there is none. */
  readonly checkFreshnessMs?: number | null;
}): number | null {
  if (host.freshnessSeconds !== null) return host.freshnessSeconds * 1000;
  const agentMs = host.hasAgent ? keepaliveOverdueSeconds * 1000 : null;
  const checkMs = host.checkFreshnessMs ?? null;
  return agentMs === null || checkMs === null ? (agentMs ?? checkMs) : Math.min(agentMs, checkMs);
}

export interface ServiceFreshness {
  readonly isPassive: boolean;
  /** Whether the check is enabled; a disabled one is not expected to report. */
  readonly isEnabled: boolean;
  readonly freshnessSeconds: number | null;
  readonly checkIntervalSeconds: number;
  readonly timeoutSeconds: number;
}

/**
 * Milliseconds without a result after which a service is stale: for one an agent runs, two intervals and a timeout, so that one lost or slow
 * run is forgiven; for a passive one what its owner said, null = never. Pure.
 */
export function freshnessOfService(service: ServiceFreshness): number | null {
  if (service.isPassive) return service.freshnessSeconds === null ? null : service.freshnessSeconds * 1000;
  if (!service.isEnabled) return null;
  const seconds = 2 * service.checkIntervalSeconds + service.timeoutSeconds;
  return Math.max(minimumServiceOverdueSeconds, seconds) * 1000;
}
