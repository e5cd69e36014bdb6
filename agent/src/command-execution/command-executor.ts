import type {
  AgentCommandDelivery,
  AgentCommandOutcome,
  AgentCommandRequest,
  TestRunResult,
} from "@mycloud/protocol/agent";
import type { Logger } from "../logger/index.ts";
import { type AgentPolicy, allowsCommand, type LoadedPolicy, refusalOfCheck } from "../policy/index.ts";
import type { Failure, Outcome } from "../transport/index.ts";
import type { BegunCommands } from "./begun-commands.ts";
import { eventHandlerWords } from "./run-event-handler.ts";

type TestRunRequest = Extract<AgentCommandRequest, { kind: "test-run" }>;
type EventHandlerRequest = Extract<AgentCommandRequest, { kind: "event-handler" }>;
/** A command about backup jobs. */
export type BackupRequest = Extract<
  AgentCommandRequest,
  { kind: "backup-now" | "backup-pause" | "backup-resume" | "backup-cancel" }
>;
/** A command about restores. */
export type RestoreCommand = Extract<AgentCommandRequest, { kind: "restore" | "restore-cancel" }>;

/** What the executor needs from outside. */
export interface CommandExecutorOptions {
  /** Read for each command, so that an edit applies at once. */
  readonly loadPolicy: () => Promise<LoadedPolicy>;
  /** Resolves when the checks have run and their results are on their way, with how many were known. */
  readonly checkNow: (serviceIds: readonly number[], hostIds: readonly number[]) => Promise<number>;
  readonly testRun: (request: TestRunRequest) => Promise<TestRunResult>;
  /** Runs the words that the policy names. */
  readonly runEventHandler: (
    words: readonly [string, ...string[]],
    request: EventHandlerRequest,
  ) => Promise<AgentCommandOutcome>;
  readonly begunCommands: BegunCommands;
  /** Looks at what there is to watch and reports it; resolves with how many things that is. */
  /** Looks at these devices, or at this host when left out; answers how much was found. */
  readonly discover: (hostIds: readonly number[] | undefined) => Promise<Outcome<number>>;
  /** Answers why it cannot be done, or null when it is. Left out where no backups run. */
  readonly backup?: (request: BackupRequest) => Promise<string | null>;
  /** As `backup`, for restores. */
  readonly restore?: (command: RestoreCommand) => Promise<string | null>;
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
  const queues = new Map<string, Promise<unknown>>();

  /** Event handlers of one host or service run in the order of its changes: a recovery's not beside that of the problem before. */
  async function executeInTurn(delivery: AgentCommandDelivery): Promise<AgentCommandOutcome> {
    const { request } = delivery;
    if (request.kind !== "event-handler") return await execute(delivery, options);
    const { HOSTNAME = "", SERVICEDESC = "" } = request.macros;
    const key = `${HOSTNAME}/${SERVICEDESC}`;
    const turn = (queues.get(key) ?? Promise.resolve()).then(() => execute(delivery, options));
    const ended = turn.catch(() => undefined);
    queues.set(key, ended);
    try {
      return await turn;
    } finally {
      if (queues.get(key) === ended) queues.delete(key);
    }
  }

  async function handle(delivery: AgentCommandDelivery): Promise<void> {
    const outcome = outcomes.get(delivery.id) ?? (await executeInTurn(delivery));
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

async function execute(
  { id, request }: AgentCommandDelivery,
  options: CommandExecutorOptions,
): Promise<AgentCommandOutcome> {
  const { policy, fault } = await options.loadPolicy();
  if (!allowsCommand(policy, request.kind)) {
    return refused(fault ?? `this host's policy does not allow ${request.kind}`);
  }
  try {
    switch (request.kind) {
      case "check-now": {
        const { serviceIds, hostIds = [] } = request;
        const known = await options.checkNow(serviceIds, hostIds);
        const unknown = new Set(serviceIds).size + new Set(hostIds).size - known;
        const message = unknown === 0 ? null : `${unknown} of the checks are not in this agent's configuration`;
        return { phase: known === 0 ? "failed" : "done", message, result: null };
      }
      case "test-run": {
        const refusal = await refusalOfCheck(policy, request);
        if (refusal !== undefined) return refused(refusal);
        return { phase: "done", message: null, result: await options.testRun(request) };
      }
      case "event-handler":
        return await handleEvent(id, request, policy, options);
      case "discover": {
        const reported = await options.discover(request.hostIds);
        if (reported.kind === "ok") return { phase: "done", message: `${reported.value} found`, result: null };
        return { phase: "failed", message: reported.message, result: null };
      }
      case "backup-now":
      case "backup-pause":
      case "backup-resume":
      case "backup-cancel": {
        const fault = options.backup === undefined ? "this agent runs no backups" : await options.backup(request);
        return { phase: fault === null ? "done" : "failed", message: fault, result: null };
      }
      case "restore":
      case "restore-cancel": {
        const fault = options.restore === undefined ? "this agent runs no restores" : await options.restore(request);
        return { phase: fault === null ? "done" : "failed", message: fault, result: null };
      }
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { phase: "failed", message: message.slice(0, 10_000), result: null };
  }
}

async function handleEvent(
  commandId: number,
  request: EventHandlerRequest,
  policy: AgentPolicy,
  options: CommandExecutorOptions,
): Promise<AgentCommandOutcome> {
  const words = eventHandlerWords(policy, request);
  if (words === undefined) return refused(`this host's policy names no event handler "${request.command}"`);
  if (await options.begunCommands.begin(commandId)) return await options.runEventHandler(words, request);
  const message = "the agent was restarted while it ran; what came of it is not known, and it is not run again";
  return { phase: "failed", message, result: null };
}

function refused(message: string): AgentCommandOutcome {
  return { phase: "refused", message, result: null };
}
