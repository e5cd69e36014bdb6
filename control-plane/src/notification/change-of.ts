import type { MonitoredHost } from "../monitored/index.ts";
import type { StateChangeRecord } from "../state-change/index.ts";
import type { LastReport, OpenProblem } from "./open-problem-store.ts";

/** How long after its host came up a service may take to show by a new result that it is still bad. */
const settleMs = 5 * 60_000;

/** A recorded change of an open problem as it would be put to the decider today. Pure. */
export function changeOf(
  problem: OpenProblem,
  report: LastReport,
  host: MonitoredHost,
  nowMs: number,
): StateChangeRecord {
  const { serviceName, hostState } = problem;
  const object = serviceName === null ? host : (host.servicesByName.get(serviceName) ?? host);
  const { businessImpact, isNotificationEnabled } = object.settings;
  return {
    host,
    serviceId: problem.serviceId,
    serviceName,
    kind: "state",
    fromState: problem.fromState,
    toState: problem.toState,
    isHard: true,
    attempt: problem.attempt,
    maxCheckAttempts: object.policy.maxCheckAttempts,
    output: report.output,
    longOutput: report.longOutput,
    perfdata: report.perfdata,
    atMs: problem.atMs,
    problem: problem.problem,
    isRecovery: false,
    isFlapping: problem.isFlapping,
    acknowledgementId: problem.acknowledgementId,
    endedAcknowledgementId: null,
    businessImpact,
    isNotificationEnabled,
    isHostDown: problem.serviceId !== null && (hostState.isDown || isUnsettled(problem, nowMs)),
  };
}

/**
 * A service that was bad because its host was down is mostly fine a moment after the host is back: nobody is told before a result of it says
 * otherwise, or none came for five minutes.
 */
function isUnsettled({ reason, hostState, lastCheckAtMs }: OpenProblem, nowMs: number): boolean {
  if (reason !== "host-down" || hostState.changedAtMs === null) return false;
  const hasNewResult = lastCheckAtMs !== null && lastCheckAtMs >= hostState.changedAtMs;
  return !hasNewResult && nowMs < hostState.changedAtMs + settleMs;
}
