import type { BulkAnswer } from "@mycloud/protocol/acknowledgement";
import type { CheckNowRequest } from "@mycloud/protocol/agent";
import type { CommandTarget } from "./store.ts";

/** What one agent is asked to run. */
export interface AskedChecks {
  readonly serviceIds: readonly number[];
  /** Hosts whose host checks. */
  readonly hostIds: readonly number[];
}

/** Which agents, by their hosts, are asked for what, and what is answered. */
export interface CheckNowPlan {
  readonly byHost: ReadonlyMap<number, AskedChecks>;
  readonly answer: BulkAnswer;
}

/**
 * Decides, for each service and host asked for, whether an agent can be asked, or why not. `hostRunners`: the hosts that have a host check, each with
 * the host whose agent runs it. Pure.
 */
export function planCheckNow(
  request: CheckNowRequest,
  services: readonly CommandTarget[],
  ofHosts: readonly CommandTarget[],
  hostRunners: ReadonlyMap<number, number> = new Map(),
): CheckNowPlan {
  const byId = new Map(services.map((target) => [target.serviceId, target]));
  const byHost = new Map<number, { serviceIds: Set<number>; hostIds: Set<number> }>();
  const answer: BulkAnswer = { done: [], refused: [] };
  const askedOf = (runnerId: number) => {
    const asked = byHost.get(runnerId) ?? { serviceIds: new Set(), hostIds: new Set() };
    byHost.set(runnerId, asked);
    return asked;
  };
  const ask = ({ runnerId, serviceId }: CommandTarget) => {
    if (runnerId !== null) askedOf(runnerId).serviceIds.add(serviceId);
  };
  for (const serviceId of new Set(request.serviceIds)) {
    const target = byId.get(serviceId);
    const refusal = refusalOf(target);
    if (target === undefined || refusal !== undefined) {
      answer.refused.push({ hostId: null, serviceId, message: refusal ?? "there is no such service" });
      continue;
    }
    ask(target);
    answer.done.push({ hostId: null, serviceId });
  }
  for (const hostId of new Set(request.hostIds)) {
    const runnable = ofHosts.filter((target) => target.hostId === hostId && refusalOf(target) === undefined);
    for (const target of runnable) ask(target);
    const runnerId = hostRunners.get(hostId);
    if (runnerId !== undefined) askedOf(runnerId).hostIds.add(hostId);
    if (runnable.length > 0 || runnerId !== undefined) answer.done.push({ hostId, serviceId: null });
    else answer.refused.push({ hostId, serviceId: null, message: "no agent runs checks on this host" });
  }
  const asked = [...byHost].map(
    ([hostId, { serviceIds, hostIds }]) => [hostId, { serviceIds: [...serviceIds], hostIds: [...hostIds] }] as const,
  );
  return { byHost: new Map(asked), answer };
}

function refusalOf(target: CommandTarget | undefined): string | undefined {
  if (target === undefined) return "there is no such service";
  if (target.isPassive) return "this service is passive: its results come from outside";
  if (!target.isEnabled) return "this check is disabled";
  return target.runnerId === null ? "no agent is enrolled on this host" : undefined;
}
