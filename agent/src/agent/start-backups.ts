import type { BackupJob } from "@mycloud/protocol/backup-policy";
import {
  answerTimer,
  createJobRunner,
  isMetered,
  isOnBattery,
  type JobRunner,
  openJobStates,
  openOutcomeSpool,
} from "../backup-job/index.ts";
import { serveLocalSocket } from "../local-socket/index.ts";
import type { Logger } from "../logger/index.ts";
import type { BackupFigures } from "../metrics-collector/own/index.ts";
import type { LoadedPolicy } from "../policy/index.ts";
import { type RestoreRunner, startRestores } from "../restore-job/index.ts";
import { type Patience, startRetryLoop } from "../retry-loop/index.ts";
import type { AgentPaths } from "../state-directory/index.ts";
import type { ControlPlane } from "../transport/index.ts";
import { digestOf } from "./single-instance.ts";

/** What backing this host up needs from outside. */
export interface StartBackupsOptions {
  readonly paths: AgentPaths;
  readonly hostName: string;
  readonly agentVersion: string;
  readonly controlPlane: ControlPlane;
  /** The jobs of the configuration in force. */
  readonly backupJobs: () => readonly BackupJob[];
  /** Whether this host has just been enrolled: its first backup begins at once. */
  readonly isNewHost: boolean;
  readonly loadPolicy: () => Promise<LoadedPolicy>;
  readonly patience: Patience;
  readonly logger: Logger;
  /** The server's clock, in whole milliseconds: what is told of runs is compared with its own. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Ends what delivers the ends of runs: later than `signal`, so that the last is told too. */
  readonly closingSignal: AbortSignal;
}

/** The backups of this host and what is brought back from them, and their ends on the way to the control plane. */
export interface Backups {
  /** The jobs of a new configuration. */
  configure(jobs: readonly BackupJob[]): void;
  readonly command: JobRunner["command"];
  readonly paused: JobRunner["paused"];
  readonly restore: RestoreRunner["command"];
  /** How each job stands. */
  figures(): BackupFigures[];
  /** Delivers now what waits. */
  retryNow(): void;
  /** Answers programs of this machine no more. */
  closeSocket(): Promise<void>;
  /** Resolves when what is under way has let go; it goes on with the next agent. */
  stop(): Promise<void>;
}

/** Starts it on what the state directory holds, without a job. Throws when its directories cannot be made. */
export async function startBackups(options: StartBackupsOptions): Promise<Backups> {
  const { paths, controlPlane, backupJobs, patience, logger } = options;
  const outcomes = await openOutcomeSpool(paths.backupOutcomes, logger);
  const delivery = startRetryLoop({
    patience,
    signal: options.closingSignal,
    attempt: () =>
      outcomes
        .deliverOldest(controlPlane)
        .catch((error: unknown) => ({ kind: "unreachable", message: String(error) }) as const),
  });
  const runner = createJobRunner({
    ...options,
    engineName: `mycloud-backup-${await digestOf(paths.directory)}`,
    states: await openJobStates(paths.backupJobs),
    outcomes,
    onOutcome: () => delivery.wake(),
    isOnBattery: () => isOnBattery("/sys/class/power_supply"),
    isMetered,
  });
  const restores = await startRestores({
    ...options,
    engineName: `mycloud-restore-${await digestOf(paths.directory)}`,
    exclusively: runner.exclusively,
  });
  const closeSocket = await serveLocalSocket({
    path: paths.socket,
    answer: (request) => answerTimer(runner, backupJobs(), request),
    logger,
  }).catch((err: unknown) => {
    logger.error({ err }, "programs of this machine cannot ask this agent for anything");
    return async () => undefined;
  });

  return {
    configure: (jobs) => runner.configure(jobs),
    command: (request) => runner.command(request),
    paused: runner.paused,
    figures: runner.figures,
    restore: (command) => restores.command(command),
    retryNow() {
      delivery.retryNow();
      restores.retryNow();
    },
    closeSocket,
    async stop() {
      await Promise.all([runner.stop(), restores.stop()]);
    },
  };
}
