import type {
  AgentCommandDelivery,
  AgentCommandOutcome,
  AgentCommandRequest,
  TestRunResult,
} from "@mycloud/protocol/agent";
import type { Logger } from "../logger/index.ts";
import type { LoadedPolicy } from "../policy/index.ts";
import { refusalOfCheck } from "../policy/index.ts";
import type { Failure, Outcome } from "../transport/index.ts";

type TestRunRequest = Extract<AgentCommandRequest, { kind: "test-run" }>;

/** What the executor needs from outside. */
export interface CommandExecutorOptions {
  /** Read for each command, so that an edit applies at once. */
  readonly loadPolicy: () => Promise<LoadedPolicy>;
  /** Resolves when the checks have run and their results are on their way, with how many were known. */
  readonly checkNow: (serviceIds: readonly number[], hostIds: readonly number[]) => Promise<number>;
  readonly testRun: (request: TestRunRequest) => Promise<TestRunResult>;
  readonly acknowledge: (commandId: number, outcome: AgentCommandOutcome) => Promise<Outcome<undefined>>;
  /** Waits before acknowledging again. */
  readonly pause: (failures: number, failure: Failure) => Promise<void>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

export interface CommandExecutor {
  /** Takes a command; returns at once and never throws. */
  accept(delivery: AgentCommandDelivery): void;
}

/** Outcomes remembered, in case a command is delivered again because its acknowledgement was lost. */
const REMEMBERED = 500;
/** After this many attempts the control plane lets the command expire. */
const ACKNOWLEDGEMENT_ATTEMPTS = 8;

/** Makes an executor that knows no command yet. */
export function createCommandExecutor(options: CommandExecutorOptions): CommandExecutor {
  const { logger, signal } = options;
  const outcomes = new Map<number, AgentCommandOutcome>();
  const underWay = new Set<number>();

  async function handle(delivery: AgentCommandDelivery): Promise<void> {
    const outcome = outcomes.get(delivery.id) ?? (await execute(delivery.request, options));
    if (signal.aborted) return;
    outcomes.set(delivery.id, outcome);
    const [oldest] = outcomes.keys();
    if (outcomes.size > REMEMBERED && oldest !== undefined) outcomes.delete(oldest);
    logger.info({ commandId: delivery.id, kind: delivery.request.kind, phase: outcome.phase }, "command finished");
    for (let failures = 1; failures <= ACKNOWLEDGEMENT_ATTEMPTS && !signal.aborted; failures++) {
      const answer = await options.acknowledge(delivery.id, outcome);
      if (answer.kind === "ok" || answer.kind === "invalid" || answer.kind === "conflict") return;
      await options.pause(failures, answer);
    }
  }

  return {
    accept(delivery) {
      if (underWay.has(delivery.id)) return;
      underWay.add(delivery.id);
      handle(delivery)
        .catch((error: unknown) => logger.error({ err: error, commandId: delivery.id }, "command failed"))
        .finally(() => underWay.delete(delivery.id));
    },
  };
}

async function execute(request: AgentCommandRequest, options: CommandExecutorOptions): Promise<AgentCommandOutcome> {
  const { policy, fault } = await options.loadPolicy();
  if (!policy.allow.includes(request.kind)) {
    return refused(fault ?? `this host's policy does not allow ${request.kind}`);
  }
  try {
    if (request.kind === "check-now") {
      const { serviceIds, hostIds = [] } = request;
      const known = await options.checkNow(serviceIds, hostIds);
      const unknown = new Set(serviceIds).size + new Set(hostIds).size - known;
      const message = unknown === 0 ? null : `${unknown} of the checks are not in this agent's configuration`;
      return { phase: known === 0 ? "failed" : "done", message, result: null };
    }
    const refusal = await refusalOfCheck(policy, request);
    if (refusal !== undefined) return refused(refusal);
    return { phase: "done", message: null, result: await options.testRun(request) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { phase: "failed", message: message.slice(0, 10_000), result: null };
  }
}

function refused(message: string): AgentCommandOutcome {
  return { phase: "refused", message, result: null };
}
