import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { BackupJob } from "@mycloud/protocol/backup-policy";
import type { BackupRunOutcome } from "@mycloud/protocol/backup-run";
import { createJobRunner, openJobStates, openOutcomeSpool } from "../../agent/src/backup-job/index.ts";
import { createServerClock } from "../../agent/src/clock/index.ts";
import { createRequestToken } from "../../agent/src/identity/index.ts";
import type { Logger } from "../../agent/src/logger/index.ts";
import { defaultPolicy } from "../../agent/src/policy/index.ts";
import { type Patience, sleep, startRetryLoop } from "../../agent/src/retry-loop/index.ts";
import { agentPaths } from "../../agent/src/state-directory/index.ts";
import { createControlPlane, createHttpConnection } from "../../agent/src/transport/index.ts";
import type { SeededAgent } from "../agents/seed-agents.ts";

export interface FleetHostOptions {
  readonly url: string;
  readonly agent: SeededAgent;
  readonly name: string;
  /** Its state directory, as an agent of its own has one. */
  readonly directory: string;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** A host of the fleet, connected and with its job in hand. */
export interface FleetHost {
  readonly name: string;
  /** Begins the first backup; resolves when the control plane has taken its end. */
  backUp(): Promise<BackupRunOutcome>;
}

/** As the real agent waits. */
const patience: Patience = {
  backoff: { baseMs: 500, maximumMs: 30_000 },
  refusedBackoff: { baseMs: 60_000, maximumMs: 600_000 },
  random: Math.random,
  sleep,
};

/** The backup side of an agent: its job runner, tokens, spool of ends, and an engine in a process of its own. It runs no checks. */
export async function startFleetHost(options: FleetHostOptions): Promise<FleetHost> {
  const { url, agent, name, directory, logger, signal } = options;
  const paths = agentPaths(directory);
  await mkdir(paths.directory, { recursive: true });
  const clock = createServerClock(Date.now);
  const connection = await createHttpConnection(url, { keySha256: null, ca: undefined });
  signal.addEventListener("abort", () => connection.close(), { once: true });
  const requestToken = createRequestToken({ agentId: agent.agentId, privateKey: agent.key }, clock.now);
  const controlPlane = createControlPlane({ connection, clock, now: Date.now, requestToken, signal });
  const outcomes = await openOutcomeSpool(paths.backupOutcomes, logger);
  const ended = Promise.withResolvers<BackupRunOutcome>();
  const delivery = startRetryLoop({
    patience,
    signal,
    attempt: () =>
      outcomes.deliverOldest({
        async sendBackupOutcome(outcome) {
          const answer = await controlPlane.sendBackupOutcome(outcome);
          if (answer.kind === "ok") ended.resolve(outcome);
          return answer;
        },
      }),
  });
  const job = await jobOf();
  const runner = createJobRunner({
    paths,
    hostName: name,
    agentVersion: "fleet",
    engineName: `mycloud-backup-fleet-${process.pid}-${name}`,
    controlPlane,
    loadPolicy: async () => ({ policy: defaultPolicy, fault: undefined }),
    states: await openJobStates(join(paths.backupJobs)),
    outcomes,
    onOutcome: () => delivery.wake(),
    isNewHost: true,
    isOnBattery: async () => false,
    isMetered: async () => false,
    patience,
    now: () => Math.round(clock.now()),
    logger,
    signal,
  });

  /** The job comes with the configuration, once the control plane has made the repository. */
  async function jobOf(): Promise<BackupJob> {
    while (!signal.aborted) {
      const fetched = await controlPlane.fetchConfiguration(null);
      const found = fetched.kind === "ok" ? fetched.value.configuration?.backupJobs?.[0] : undefined;
      if (found !== undefined) return found;
      await sleep(500, signal);
    }
    throw new Error(`${name} was stopped before it had a job`);
  }

  return {
    name,
    backUp() {
      runner.configure([job]);
      return ended.promise;
    },
  };
}
