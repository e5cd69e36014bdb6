import { isDeepStrictEqual } from "node:util";
import type { LogJobs, LogPipelineReport, LogPipelineStatus } from "@mycloud/protocol/log-source";
import type { AgentDiagnostics, LogShipper, LogTask } from "../log-pipeline/index.ts";
import { reportPipeline } from "../log-pipeline/report-pipeline.ts";
import type { Logger } from "../logger/index.ts";
import type { LoadedPolicy } from "../policy/index.ts";

/** What reading this host's logs needs from outside. */
export interface StartLogsOptions {
  /** Of the queue. */
  readonly directory: string;
  readonly hostName: string;
  readonly loadPolicy: () => Promise<LoadedPolicy>;
  readonly diagnostics: AgentDiagnostics | undefined;
  readonly logger: Logger;
  readonly now: () => number;
  readonly random: () => number;
}

/** The logs of this host on their way to where they go. */
export interface Logs {
  /** The jobs of a new configuration. */
  configure(jobs: LogJobs | undefined): void;
  /** Nothing while no logs are read. */
  status(): { readonly logs?: LogPipelineStatus };
  /** As `status`, for keepalives. */
  report(): { readonly logs?: LogPipelineReport };
  stop(): Promise<void>;
}

/** How soon a changed policy is in force. */
const policyEveryMs = 15_000;
const gatherDiagnosticsMs = 250;

/** Reads nothing yet: no process, no timer. */
export function startLogs(options: StartLogsOptions): Logs {
  const { directory, hostName, diagnostics, logger, now, random } = options;
  let jobs: LogJobs | undefined;
  let task: LogTask | undefined;
  let shipper: LogShipper | undefined;
  let looking: Promise<void> = Promise.resolve();
  let timer: ReturnType<typeof setInterval> | undefined;
  let stopListening: (() => void) | undefined;
  let isStopped = false;

  async function taskNow(): Promise<LogTask | undefined> {
    if (jobs === undefined) return undefined;
    const { policy } = await options.loadPolicy();
    if (!policy.allow.includes("logs")) return undefined;
    return { hostName, directory, jobs, policy: { roots: policy.logRoots, commands: policy.logCommands } };
  }

  async function look(): Promise<void> {
    const next = await taskNow();
    if (isStopped || isDeepStrictEqual(next, task)) return;
    if (jobs !== undefined && next === undefined) logger.warn({}, "this host's policy does not allow to read its logs");
    task = next;
    listenToDiagnostics(next?.jobs.jobs.some(({ input }) => input.type === "agent") === true);
    // Loaded only where there are logs to read.
    if (shipper === undefined && next !== undefined) {
      const { superviseShipper } = await import("../log-pipeline/supervise.ts");
      shipper = superviseShipper({ logger, now, random });
    }
    if (isStopped) return;
    shipper?.configure(next);
  }

  function lookSoon(): void {
    looking = looking.then(look).catch((err: unknown) => logger.error({ err }, "the logs to read are not known"));
  }

  function listenToDiagnostics(isWanted: boolean): void {
    if (isWanted === (stopListening !== undefined)) return;
    stopListening?.();
    stopListening = isWanted ? gather() : undefined;
  }

  /** Tells the shipper what the agent writes, a few lines at once. */
  function gather(): (() => void) | undefined {
    let lines: string[] = [];
    let telling: ReturnType<typeof setTimeout> | undefined;
    const tell = () => {
      telling = undefined;
      shipper?.diagnostics(lines);
      lines = [];
    };
    const end = diagnostics?.listen((line) => {
      lines.push(line);
      telling ??= setTimeout(tell, gatherDiagnosticsMs);
    });
    return () => {
      end?.();
      clearTimeout(telling);
    };
  }

  return {
    configure(next) {
      jobs = next;
      clearInterval(timer);
      timer = next === undefined ? undefined : setInterval(lookSoon, policyEveryMs);
      lookSoon();
    },
    status() {
      const status = shipper?.status();
      return status === undefined ? {} : { logs: status };
    },
    report() {
      const status = shipper?.status();
      return status === undefined ? {} : { logs: reportPipeline(status) };
    },
    async stop() {
      isStopped = true;
      clearInterval(timer);
      stopListening?.();
      await looking;
      await shipper?.stop();
    },
  };
}
