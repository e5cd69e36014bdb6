import type { BackupJob } from "@mycloud/protocol/backup-policy";
import type { BackupCredentials, BackupProgress, BackupRunOutcome } from "@mycloud/protocol/backup-run";
import type { Logger } from "../logger/index.ts";
import type { LoadedPolicy } from "../policy/index.ts";
import type { AgentPaths } from "../state-directory/index.ts";
import type { ControlPlane, Failure } from "../transport/index.ts";
import type { EngineTask } from "./engine/engine-message.ts";
import type { ActiveRun } from "./job-state.ts";
import { privatePassword } from "./private-key.ts";
import { type EngineEnd, type EngineOptions, runEngine } from "./run-engine.ts";
import { runHooks } from "./run-hooks.ts";

/** What conducting a run needs from outside. */
export interface ConductOptions {
  readonly paths: AgentPaths;
  readonly hostName: string;
  readonly agentVersion: string;
  /** A name that one engine of this host has at a time. */
  readonly engineName: string;
  readonly controlPlane: Pick<ControlPlane, "backupCredentials" | "sendBackupProgress">;
  readonly loadPolicy: () => Promise<LoadedPolicy>;
  /** Replaced in tests. */
  readonly engine?: (task: EngineTask, options: EngineOptions) => Promise<EngineEnd>;
  readonly now: () => number;
  readonly logger: Logger;
}

/** What an outcome says besides which run it is of. */
export type RunEnd = Pick<
  BackupRunOutcome,
  "phase" | "snapshots" | "figures" | "unreadableCount" | "errors" | "change" | "drill" | "message"
>;

/** How far a run came: its end, not now but later (of itself, or as it was stopped), or the control plane does not want it. */
export type Conducted =
  | { readonly kind: "ended"; readonly end: RunEnd }
  | { readonly kind: "later"; readonly failure: Failure; readonly isEngine: boolean }
  | { readonly kind: "stopped" }
  | { readonly kind: "unwanted"; readonly message: string };

export const nothingMade = {
  snapshots: [],
  figures: {},
  unreadableCount: 0,
  errors: [],
  change: null,
  drill: null,
} satisfies Partial<RunEnd>;

/** What every message about a run says. Pure. */
export function identityOf(repositoryId: number, { trigger, startedAtMs }: ActiveRun, agentVersion: string) {
  return { repositoryId, trigger, startedAtMs, agentVersion };
}

/** Takes a run as far as it goes: credentials, hooks, engine, hooks. The signal stops it where it is. Never throws. */
export async function conductRun(
  job: BackupJob,
  run: ActiveRun,
  isResumed: boolean,
  options: ConductOptions,
  signal: AbortSignal,
): Promise<Conducted> {
  try {
    return await conduct(job, run, isResumed, options, signal);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: "ended", end: { ...nothingMade, phase: "failed", message: message.slice(0, 4000) } };
  }
}

async function conduct(
  job: BackupJob,
  run: ActiveRun,
  isResumed: boolean,
  options: ConductOptions,
  signal: AbortSignal,
): Promise<Conducted> {
  const { policy, fault } = await options.loadPolicy();
  if (!policy.allow.includes("backup")) return failed(fault ?? "this host's policy.yaml does not allow backup");
  const identity = identityOf(job.repositoryId, run, options.agentVersion);
  const answer = await options.controlPlane.backupCredentials(run.runId, identity);
  if (answer.kind === "conflict" || answer.kind === "invalid") return { kind: "unwanted", message: answer.message };
  if (answer.kind !== "ok") return { kind: "later", failure: answer, isEngine: false };
  const password = await passwordOf(job, answer.value, options.paths.backupKeys);
  const environment = { MYCLOUD_BACKUP_POLICY: job.policyName, MYCLOUD_BACKUP_RUN: run.runId };
  const hookFault = await runHooks(job.hooksBefore, policy, environment, { isEager: false, signal });
  const end =
    hookFault === null
      ? await (options.engine ?? runEngine)(
          taskOf(job, run, isResumed, answer.value, password, options),
          engineOptions(run, identity, options, signal),
        )
      : ({ kind: "failed", message: hookFault, isRetryable: false } satisfies EngineEnd);
  const phase = end.kind === "done" && end.result.failures.length === 0 ? "done" : end.kind;
  // Also when it was stopped: what a hook has stopped must be started again.
  const afterFault = await runHooks(
    job.hooksAfter,
    policy,
    { ...environment, MYCLOUD_BACKUP_PHASE: phase },
    { isEager: true, signal: new AbortController().signal },
  );
  if (signal.aborted && end.kind !== "done") return { kind: "stopped" };
  return concluded(end, afterFault);
}

function concluded(end: EngineEnd, afterFault: string | null): Conducted {
  switch (end.kind) {
    case "stopped":
      return { kind: "stopped" };
    case "failed":
      if (!end.isRetryable) return failed(end.message);
      return { kind: "later", failure: { kind: "unreachable", message: end.message }, isEngine: true };
    case "done": {
      const { failures, ...made } = end.result;
      const words = [...failures, ...(afterFault === null ? [] : [afterFault])].join("; ");
      const phase = failures.length > 0 ? "failed" : "done";
      return { kind: "ended", end: { ...made, phase, message: words === "" ? null : words.slice(0, 4000) } };
    }
  }
}

function failed(message: string): Conducted {
  return { kind: "ended", end: { ...nothingMade, phase: "failed", message: message.slice(0, 4000) } };
}

async function passwordOf(
  job: BackupJob,
  { password, location, certificateAuthority }: BackupCredentials,
  directory: string,
): Promise<string> {
  if (job.keyMode === "private") {
    const about = { policyName: job.policyName, location, certificateAuthority };
    return await privatePassword(directory, job.repositoryId, about);
  }
  if (password === null) throw new Error("the control plane gave no password for this repository");
  return password;
}

function taskOf(
  job: BackupJob,
  { runId }: ActiveRun,
  isResumed: boolean,
  { location, certificateAuthority, token, drill, mayPrune }: BackupCredentials,
  password: string,
  { hostName, agentVersion, paths, engineName }: ConductOptions,
): EngineTask {
  return {
    kind: "start",
    job,
    runId,
    isResumed,
    hostName,
    programVersion: `mycloud ${agentVersion}`,
    location,
    certificateAuthority,
    token,
    password,
    cacheDirectory: paths.backupCache,
    scratchDirectory: paths.backupScratch,
    drill,
    mayPrune,
    lockName: engineName,
  };
}

function engineOptions(
  { runId }: ActiveRun,
  identity: ReturnType<typeof identityOf>,
  { controlPlane, logger }: ConductOptions,
  signal: AbortSignal,
): EngineOptions {
  let isTelling = false;
  return {
    signal,
    logger,
    onProgress: (progress) => {
      // A slow line gets fewer of them, and never a queue.
      if (isTelling) return;
      isTelling = true;
      const told: BackupProgress = { ...identity, ...progress, message: null };
      void controlPlane.sendBackupProgress(runId, told).finally(() => {
        isTelling = false;
      });
    },
    renewToken: async () => {
      const renewed = await controlPlane.backupCredentials(runId, identity);
      return renewed.kind === "ok" ? { kind: "ok", value: renewed.value.token } : renewed;
    },
  };
}
