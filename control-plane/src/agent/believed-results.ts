import type { AgentCheckResult } from "@mycloud/protocol/check-result";
import type { IncomingResult } from "../check-result/incoming-result.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import { findBelievedOf } from "../prober/index.ts";

/**
 * Of an agent's results, those it may speak of: its own host's, those of hosts that it probes, and what it began before it handed a host over a moment ago;
 * a host's own only where a check tells whether that host is UP.
 */
export async function believedResults(
  { db }: ConnectedDatabase,
  definitions: DefinitionCache,
  agentHostId: number,
  results: readonly AgentCheckResult[],
  nowMs: number,
): Promise<IncomingResult[]> {
  const all = results.map(({ hostId, ...result }) => ({ ...result, hostId: hostId ?? agentHostId, isPassive: false }));
  const isOfOthers = all.some(({ hostId }) => hostId !== agentHostId);
  const probed = isOfOthers ? await findBelievedOf(db, agentHostId, nowMs) : new Map<number, number>();
  const spoken = all.filter(
    ({ hostId, checkedAtMs }) =>
      hostId === agentHostId || checkedAtMs <= (probed.get(hostId) ?? Number.NEGATIVE_INFINITY),
  );
  const ofHosts = spoken.flatMap(({ hostId, serviceId }) => (serviceId === null ? hostId : []));
  if (ofHosts.length === 0) return spoken;
  const hosts = await definitions.hostsById(db, new Set(ofHosts));
  return spoken.filter(
    ({ hostId, serviceId }) => serviceId !== null || (hosts.get(hostId)?.hostCheck ?? null) !== null,
  );
}
