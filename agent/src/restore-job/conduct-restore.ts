import type { BackupJob } from "@mycloud/protocol/backup-policy";
import type { RestoreCredentials, RestoreProgress, RestoreRunOutcome } from "@mycloud/protocol/restore-run";
import type { JobRunner } from "../backup-job/index.ts";
import { readPrivatePassword } from "../backup-job/private-key.ts";
import type { Logger } from "../logger/index.ts";
import type { LoadedPolicy } from "../policy/index.ts";
import type { AgentPaths } from "../state-directory/index.ts";
import type { ControlPlane, Failure } from "../transport/index.ts";
import type { RestoreEngineProgress, RestoreTask } from "./engine/restore-message.ts";
import type { TakenRun } from "./restore-state.ts";
import { type RestoreEngineEnd, type RestoreEngineOptions, runRestoreEngine } from "./run-restore-engine.ts";

/** What conducting a restore needs from outside. */
export interface ConductRestoreOptions {
  readonly paths: Pick<AgentPaths, "directory" | "backupKeys" | "backupCache">;
  readonly hostName: string;
  readonly agentVersion: string;
  /** A name that one engine of this kind has on this host at a time. */
  readonly engineName: string;
  readonly controlPlane: Pick<ControlPlane, "restoreCredentials" | "sendRestoreProgress">;
  readonly loadPolicy: () => Promise<LoadedPolicy>;
  /** What backs this host up at present. */
  readonly backupJobs: () => readonly BackupJob[];
  readonly exclusively: JobRunner["exclusively"];
  /** A rollback has its safety snapshot: to be remembered. */
  readonly onSafetySnapshot: (run: TakenRun, safetySnapshotId: string) => Promise<void>;
  /** Replaced in tests. */
  readonly engine?: (task: RestoreTask, options: RestoreEngineOptions) => Promise<RestoreEngineEnd>;
  readonly logger: Logger;
}

/** What an outcome says besides which run it is of. */
export type RestoreEnd = Omit<
  RestoreRunOutcome,
  "runId" | "repositoryId" | "startedAtMs" | "agentVersion" | "finishedAtMs"
>;

/** How far a run came: its end, not now but later (of itself, or as it was stopped), or the control plane does not want it. */
export type ConductedRestore =
  | { readonly kind: "ended"; readonly end: RestoreEnd }
  | { readonly kind: "later"; readonly failure: Failure; readonly isEngine: boolean; readonly soFar: RestoreEnd }
  | { readonly kind: "stopped"; readonly soFar: RestoreEnd }
  | { readonly kind: "unwanted"; readonly message: string };

/** What every message about a run says. Pure. */
export function identityOf({ repositoryId, startedAtMs }: TakenRun, agentVersion: string) {
  return { repositoryId, startedAtMs, agentVersion };
}

/** An end at which nothing, or what is told, was done. Pure. */
export function endOf(phase: RestoreEnd["phase"], message: string | null, soFar: Partial<RestoreEnd> = {}): RestoreEnd {
  return {
    filesDone: 0,
    filesTotal: 0,
    bytesDone: 0,
    bytesTotal: 0,
    errorCount: 0,
    plan: null,
    safetySnapshotId: null,
    errors: [],
    ...soFar,
    phase,
    message: message === null ? null : message.slice(0, 4000),
  };
}

/** Takes a restore as far as it goes: credentials, then the engine. The signal stops it where it is. Never throws. */
export async function conductRestore(
  run: TakenRun,
  options: ConductRestoreOptions,
  signal: AbortSignal,
): Promise<ConductedRestore> {
  const soFar = endOf("failed", null, { safetySnapshotId: run.safetySnapshotId });
  try {
    const { policy, fault } = await options.loadPolicy();
    if (!policy.allow.includes("restore")) {
      const message = fault ?? "this host's policy.yaml does not allow restore";
      return { kind: "ended", end: endOf("failed", message, soFar) };
    }
    const identity = identityOf(run, options.agentVersion);
    const answer = await options.controlPlane.restoreCredentials(run.runId, identity);
    if (answer.kind === "conflict" || answer.kind === "invalid") return { kind: "unwanted", message: answer.message };
    if (answer.kind !== "ok") return { kind: "later", failure: answer, isEngine: false, soFar };
    const password = answer.value.password ?? (await readPrivatePassword(options.paths.backupKeys, run.repositoryId));
    if (password === undefined) {
      const message = "this host has no key of this private repository; the recovery kit opens it";
      return { kind: "ended", end: endOf("failed", message, soFar) };
    }
    const task = taskOf(run, answer.value, password, policy.restoreRoots, options);
    return await work(run, task, options, signal);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: "ended", end: endOf("failed", message, soFar) };
  }
}

async function work(
  run: TakenRun,
  task: RestoreTask,
  options: ConductRestoreOptions,
  signal: AbortSignal,
): Promise<ConductedRestore> {
  const teller = createTeller(run, options);
  const begin = () =>
    (options.engine ?? runRestoreEngine)(task, {
      signal,
      logger: options.logger,
      onProgress: teller.onProgress,
      renewToken: async () => {
        const renewed = await options.controlPlane.restoreCredentials(run.runId, identityOf(run, options.agentVersion));
        return renewed.kind === "ok" ? { kind: "ok", value: renewed.value.token } : renewed;
      },
    });
  // What only looks may look beside a backup.
  const end = task.request.isDryRun ? await begin() : await options.exclusively(run.repositoryId, begin);
  switch (end.kind) {
    case "done":
      return { kind: "ended", end: endOf(end.result.phase, end.result.message, end.result) };
    case "stopped":
      return { kind: "stopped", soFar: teller.soFar() };
    case "failed": {
      const soFar = teller.soFar();
      if (!end.isRetryable) return { kind: "ended", end: endOf("failed", end.message, soFar) };
      return { kind: "later", failure: { kind: "unreachable", message: end.message }, isEngine: true, soFar };
    }
  }
}

/** Tells the control plane how far a run is: a slow line gets fewer words, and never a queue; the plan is told until it has arrived. */
function createTeller(run: TakenRun, { controlPlane, agentVersion, onSafetySnapshot, logger }: ConductRestoreOptions) {
  let isTelling = false;
  let isPlanKnown = false;
  let last: RestoreEngineProgress | undefined;

  async function tell(progress: RestoreEngineProgress): Promise<void> {
    if (progress.safetySnapshotId !== null && progress.safetySnapshotId !== run.safetySnapshotId) {
      await onSafetySnapshot(run, progress.safetySnapshotId);
    }
    const told: RestoreProgress = {
      ...identityOf(run, agentVersion),
      ...progress,
      plan: isPlanKnown ? null : progress.plan,
      message: null,
    };
    const sent = await controlPlane.sendRestoreProgress(run.runId, told);
    if (sent.kind === "ok" && told.plan !== null) isPlanKnown = true;
  }

  return {
    onProgress(progress: RestoreEngineProgress): void {
      last = progress;
      if (isTelling) return;
      isTelling = true;
      tell(progress)
        .catch((err: unknown) => logger.warn({ err, runId: run.runId }, "progress could not be told"))
        .finally(() => {
          isTelling = false;
        });
    },
    /** What was done, should it end here. */
    soFar(): RestoreEnd {
      if (last === undefined) return endOf("failed", null, { safetySnapshotId: run.safetySnapshotId });
      const { filesDone, filesTotal, bytesDone, bytesTotal, errorCount, plan } = last;
      const safetySnapshotId = last.safetySnapshotId ?? run.safetySnapshotId;
      return endOf("failed", null, {
        filesDone,
        filesTotal,
        bytesDone,
        bytesTotal,
        errorCount,
        plan,
        safetySnapshotId,
      });
    },
  };
}

function taskOf(
  { runId, repositoryId }: TakenRun,
  { location, certificateAuthority, token, request }: RestoreCredentials,
  password: string,
  roots: readonly string[],
  { backupJobs, hostName, agentVersion, paths, engineName }: ConductRestoreOptions,
): RestoreTask {
  return {
    kind: "start",
    runId,
    request,
    job: backupJobs().find((job) => job.repositoryId === repositoryId) ?? null,
    hostName,
    programVersion: `mycloud ${agentVersion}`,
    location,
    certificateAuthority,
    token,
    password,
    cacheDirectory: paths.backupCache,
    stateDirectory: paths.directory,
    roots: [...roots],
    lockName: engineName,
  };
}
