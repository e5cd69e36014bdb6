import type { BulkAnswer } from "@mycloud/protocol/acknowledgement";
import type { CheckNowRequest } from "@mycloud/protocol/agent";
import type { CommandTarget } from "./store.ts";

/** Which agents are asked for which services, and what is answered. */
export interface CheckNowPlan {
  readonly byHost: ReadonlyMap<number, readonly number[]>;
  readonly answer: BulkAnswer;
}

/** Decides, for each service and host asked for, whether its agent can be asked, or why not. Pure. */
export function planCheckNow(
  request: CheckNowRequest,
  services: readonly CommandTarget[],
  ofHosts: readonly CommandTarget[],
): CheckNowPlan {
  const byId = new Map(services.map((target) => [target.serviceId, target]));
  const byHost = new Map<number, Set<number>>();
  const answer: BulkAnswer = { done: [], refused: [] };
  const ask = (target: CommandTarget) => {
    const chosen = byHost.get(target.hostId) ?? new Set();
    byHost.set(target.hostId, chosen.add(target.serviceId));
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
    if (runnable.length > 0) answer.done.push({ hostId, serviceId: null });
    else answer.refused.push({ hostId, serviceId: null, message: "no agent runs checks on this host" });
  }
  return { byHost: new Map([...byHost].map(([hostId, chosen]) => [hostId, [...chosen]])), answer };
}

function refusalOf(target: CommandTarget | undefined): string | undefined {
  if (target === undefined) return "there is no such service";
  if (target.isPassive) return "this service is passive: its results come from outside";
  if (!target.isEnabled) return "this check is disabled";
  return target.hasAgent ? undefined : "no agent is enrolled on this host";
}
