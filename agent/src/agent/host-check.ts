import type { AgentStatus } from "@mycloud/checks/plugin";
import type { TestRunResult } from "@mycloud/protocol/agent";
import type { AgentCheckResult } from "@mycloud/protocol/check-result";
import {
  createPluginMemory,
  type ExecutedCheck,
  type Execution,
  executeCheck,
  type PluginMemory,
  type ProbedDevices,
  testRun,
} from "../check-execution/index.ts";
import type { Logger } from "../logger/index.ts";
import { type LoadedPolicy, refusalOfCheck } from "../policy/index.ts";
import { keyOf, type Start } from "../scheduler/index.ts";

/** What running checks on this host needs from outside. */
export interface HostChecksOptions {
  readonly loadPolicy: () => Promise<LoadedPolicy>;
  readonly status: () => AgentStatus;
  readonly devices: Pick<ProbedDevices, "contextOf">;
  readonly logger: Logger;
  readonly now: () => number;
  readonly monotonicNow: () => number;
}

/** Runs checks on this host, as the schedule or a person asks. */
export interface HostChecks {
  /** Null when nothing was found out of a host: the policy refuses its check, and UNKNOWN would make the host DOWN. */
  run(start: Start, nextPlannedAtMs: number, signal: AbortSignal): Promise<AgentCheckResult | null>;
  /** `hostId`: for the host that this agent probes; its own when left out. */
  test(execution: Execution & { readonly hostId?: number | undefined }, signal: AbortSignal): Promise<TestRunResult>;
  /** For somebody who asks at a time of their own, and keeps what the plugin remembers. */
  execute(execution: Execution, memory: Map<string, unknown>, signal: AbortSignal): Promise<ExecutedCheck>;
  readonly memory: PluginMemory;
}

/** Makes it; what plugins remember between runs starts empty. */
export function createHostChecks(options: HostChecksOptions): HostChecks {
  const { now, monotonicNow } = options;
  const memory = createPluginMemory();

  function contextFor(pluginMemory: Map<string, unknown>, signal: AbortSignal, hostId?: number) {
    return {
      signal,
      memory: pluginMemory,
      agent: options.status(),
      snmp: options.devices.contextOf(hostId),
      procRoot: "/proc",
      sysRoot: "/sys",
      now,
      monotonicNow,
    };
  }

  return {
    memory,
    async run({ check, plannedAtMs }, nextPlannedAtMs, signal) {
      const startedAt = monotonicNow();
      const definition = JSON.stringify([check.command, check.arguments]);
      const refusal =
        check.command === "external" ? await refusalOfCheck((await options.loadPolicy()).policy, check) : undefined;
      if (refusal !== undefined && check.serviceId === null) {
        options.logger.warn({ host: check.hostName, refusal }, "a host check was not run");
        return null;
      }
      const executed =
        refusal === undefined
          ? await executeCheck(check, contextFor(memory.of(keyOf(check), definition), signal, check.hostId))
          : { returnCode: 3, output: `UNKNOWN - ${refusal}`, checkedAtMs: now(), executionTimeSeconds: 0 };
      return {
        serviceId: check.serviceId,
        ...(check.hostId === undefined ? {} : { hostId: check.hostId }),
        ...executed,
        latencySeconds: Math.min(Math.max(startedAt - plannedAtMs, 0) / 1000, 31_536_000),
        // From the scheduler's clock to the wall clock.
        nextCheckAtMs: Math.round(now() + nextPlannedAtMs - monotonicNow()),
      };
    },
    execute: (execution, own, signal) => executeCheck(execution, contextFor(own, signal)),
    test: (execution, signal) => testRun(execution, contextFor(new Map(), signal, execution.hostId)),
  };
}
