import type { AgentConfiguration, ScheduledCheck } from "@mycloud/protocol/agent";
import type { AgentCheckResult } from "@mycloud/protocol/check-result";
import type { LatestResult } from "../metrics-collector/own/index.ts";
import { keyOf } from "../scheduler/index.ts";

/** The latest result of each check, for whoever asks for metrics. */
export interface LatestResults {
  add(check: ScheduledCheck, result: AgentCheckResult): void;
  /** Forgets checks that the configuration does not have any more. */
  keepOnly(configuration: AgentConfiguration): void;
  all(): Iterable<LatestResult>;
}

/** Runs that may be missed before a result says nothing any more. */
const missedRuns = 3;

/** Starts without any. `hostName` is the agent's own host. */
export function createLatestResults(hostName: string): LatestResults {
  const results = new Map<number, LatestResult>();
  return {
    add(check, { returnCode, output, checkedAtMs, executionTimeSeconds, latencySeconds }) {
      const patienceSeconds = missedRuns * check.checkIntervalSeconds + check.timeoutSeconds;
      results.set(keyOf(check), {
        host: check.hostName ?? hostName,
        service: check.serviceId === null ? null : check.serviceName,
        returnCode,
        output,
        checkedAtMs,
        executionTimeSeconds,
        latencySeconds,
        staleAtMs: checkedAtMs + patienceSeconds * 1000,
      });
    },
    keepOnly({ checks }) {
      const known = new Map(checks.map((check) => [keyOf(check), check]));
      for (const [key, { service }] of results) {
        const check = known.get(key);
        // Renamed, it is a series of its own, which begins with its next result.
        if (check === undefined || (check.serviceId !== null && check.serviceName !== service)) results.delete(key);
      }
    },
    all: () => results.values(),
  };
}
