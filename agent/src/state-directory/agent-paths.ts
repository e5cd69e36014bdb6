import { join } from "node:path";

/** Where each of the agent's files lies. */
export interface AgentPaths {
  readonly directory: string;
  readonly identity: string;
  readonly configuration: string;
  readonly spool: string;
  readonly status: string;
  readonly policy: string;
  /** The certificate that the agent makes itself for NRPE, with its key. */
  readonly nrpeCertificate: string;
  /** Which event handlers were begun, so that none runs twice. */
  readonly begunCommands: string;
  /** What backup jobs were begun, asked for and paused. */
  readonly backupJobs: string;
  /** Ends of backup runs that the control plane has not heard of. */
  readonly backupOutcomes: string;
  /** What restores were taken on and are not over. */
  readonly restores: string;
  /** Ends of restores that the control plane has not heard of. */
  readonly restoreOutcomes: string;
  /** Where programs of this machine ask the agent for something. */
  readonly socket: string;
  /** Passwords of private repositories. */
  readonly backupKeys: string;
  /** Copies of SQLite databases while they are backed up. */
  readonly backupScratch: string;
  /** What a repository's index says, so that it is not fetched for each run. */
  readonly backupCache: string;
  /** The same of private repositories that are looked into, encrypted as it is. */
  readonly browseCache: string;
  /** Logs that were read and are not yet taken, and how far they were read. */
  readonly logQueue: string;
  /** Metrics that are to be pushed and were not yet. */
  readonly metricsSpool: string;
}

/** The agent's files below a state directory. Touches no disk. */
export function agentPaths(stateDirectory: string): AgentPaths {
  const directory = join(stateDirectory, "agent");
  return {
    directory,
    identity: join(directory, "identity.json"),
    configuration: join(directory, "configuration.json"),
    spool: join(directory, "spool"),
    status: join(directory, "status.json"),
    policy: join(directory, "policy.yaml"),
    nrpeCertificate: join(directory, "nrpe-certificate.pem"),
    begunCommands: join(directory, "begun-commands.json"),
    backupJobs: join(directory, "backup-jobs.json"),
    backupOutcomes: join(directory, "backup-outcomes"),
    restores: join(directory, "restores.json"),
    restoreOutcomes: join(directory, "restore-outcomes"),
    socket: join(directory, "agent.socket"),
    backupKeys: join(directory, "backup-keys"),
    backupScratch: join(directory, "backup-scratch"),
    backupCache: join(directory, "backup-cache"),
    browseCache: join(directory, "browse-cache"),
    logQueue: join(directory, "log-queue"),
    metricsSpool: join(directory, "metrics-spool"),
  };
}
