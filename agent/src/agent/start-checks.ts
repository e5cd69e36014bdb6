import type { AgentConfiguration } from "@mycloud/protocol/agent";
import { createProbedDevices, type ProbedDevices } from "../check-execution/index.ts";
import { deliverOldest } from "../delivery/index.ts";
import type { Logger } from "../logger/index.ts";
import type { LoadedPolicy } from "../policy/index.ts";
import { type Patience, startRetryLoop } from "../retry-loop/index.ts";
import { createAdmission, createScheduler, hostCheckKey, keyOf } from "../scheduler/index.ts";
import { createResultBuffer, type Spool } from "../spool/index.ts";
import type { AgentPaths } from "../state-directory/index.ts";
import type { AgentStatusFile, Contact } from "../status/index.ts";
import type { ControlPlane } from "../transport/index.ts";
import { createHostChecks, type HostChecks } from "./host-check.ts";
import { createLatestResults, type LatestResults } from "./latest-results.ts";

const GATHER_RESULTS_MS = 1_000;
const GATHER_RESULTS_AT_MOST = 500;
/** Checks that were asked for count as done when their results are delivered, or after this long. */
const DELIVER_ASKED_WITHIN_MS = 5_000;

/** What watching this host needs from outside. */
export interface StartChecksOptions {
  readonly paths: Pick<AgentPaths, "nrpeCertificate">;
  readonly hostName: string;
  readonly agentVersion: string;
  readonly concurrency: number;
  /** Where check_nrpe is answered; null for nowhere. */
  readonly nrpe: { readonly host: string; readonly port: number } | null;
  readonly spool: Spool;
  readonly controlPlane: Pick<ControlPlane, "sendResults">;
  readonly contact: Contact;
  /** The configuration in force, if there is any yet. */
  readonly configuration: () => AgentConfiguration | undefined;
  readonly status: () => AgentStatusFile;
  readonly loadPolicy: () => Promise<LoadedPolicy>;
  readonly patience: Patience;
  readonly logger: Logger;
  readonly now: () => number;
  readonly monotonicNow: () => number;
  /** Ends what delivers results: later than the agent's own signal, so that the last are told too. */
  readonly closingSignal: AbortSignal;
}

/** The checks of this host, on their schedule, and their results on the way to the control plane. */
export interface Checks {
  /** The checks of a new configuration. */
  configure(configuration: AgentConfiguration): void;
  /** The devices that are asked for other hosts. */
  readonly devices: ProbedDevices;
  /** What plugins remember of checks that the configuration does not have any more is forgotten. */
  forgetOthers(configuration: AgentConfiguration): void;
  /** Runs them out of turn; resolves when their results are on their way, with how many were known. */
  checkNow(serviceIds: readonly number[], hostIds: readonly number[]): Promise<number>;
  readonly test: HostChecks["test"];
  /** Runs that were left out because the one before still went on. */
  skippedRuns(): number;
  /** The latest result of each check. */
  readonly latestResults: LatestResults["all"];
  /** Delivers now what waits. */
  retryNow(): void;
  /** Answers check_nrpe no more. */
  closeNrpe(): Promise<void>;
  /** Begins no check any more; resolves when those under way have ended. */
  stop(): Promise<void>;
  /** Resolves when the last results are on disk. */
  flush(): Promise<void>;
  /** Resolves when nothing waits to be delivered, or an attempt has failed. */
  delivered(): Promise<void>;
}

/** Starts it without a check. Throws when check_nrpe cannot be answered at that address. */
export async function startChecks(options: StartChecksOptions): Promise<Checks> {
  const { spool, controlPlane, contact, loadPolicy, patience, logger, now, monotonicNow, closingSignal } = options;

  async function mayProbe(): Promise<boolean> {
    return (await loadPolicy()).policy.allow.includes("probe");
  }

  function isOfAnotherHost({ hostId }: { readonly hostId?: number | undefined }): boolean {
    return hostId !== undefined && hostId !== options.configuration()?.hostId;
  }

  const latest = createLatestResults(options.hostName);
  const devices = createProbedDevices(monotonicNow);
  const hostChecks = createHostChecks({ loadPolicy, status: options.status, devices, logger, now, monotonicNow });
  // Loaded only where it is wanted: TLS and the protocol cost an agent memory.
  const nrpe =
    options.nrpe === null
      ? undefined
      : await (await import("../nrpe/index.ts")).createNrpeServer({
          address: options.nrpe,
          loadPolicy,
          checks: () => options.configuration()?.checks.filter((check) => check.hostId === undefined) ?? [],
          execute: hostChecks.execute,
          certificatePath: options.paths.nrpeCertificate,
          hostName: options.hostName,
          version: options.agentVersion,
          logger,
          now,
        });
  const buffer = createResultBuffer({
    waitMs: GATHER_RESULTS_MS,
    maximumResults: GATHER_RESULTS_AT_MOST,
    deliver: async (results) => {
      await spool.append(results);
      delivery.wake();
    },
  });
  const scheduler = createScheduler({
    now: monotonicNow,
    concurrency: options.concurrency,
    run: async (start, nextPlannedAtMs, abort) => {
      // No result, not even an UNKNOWN one: that would say something of a host nobody looked at.
      if (isOfAnotherHost(start.check) && !(await mayProbe())) return { isOk: true };
      const result = await hostChecks.run(start, nextPlannedAtMs, abort);
      // Stopped half-way, it says nothing about the service.
      if (result !== null && !abort.aborted) {
        buffer.add(result);
        latest.add(start.check, result);
      }
      return { isOk: result === null || result.returnCode === 0 };
    },
  });
  const delivery = startRetryLoop({
    patience,
    signal: closingSignal,
    attempt: async () => {
      const outcome = await deliverOldest({ spool, controlPlane, logger });
      if (outcome === "again") contact.succeeded();
      else if (outcome !== "idle") contact.failed(outcome);
      return outcome;
    },
  });

  return {
    devices,
    configure(next) {
      devices.configure(next.snmpDevices ?? []);
      scheduler.configure(next.checks, createAdmission(next));
    },
    forgetOthers(next) {
      hostChecks.memory.keepOnly(next.checks.map(keyOf));
      latest.keepOnly(next);
    },
    async checkNow(serviceIds, hostIds) {
      const known = await scheduler.checkNow([...serviceIds, ...hostIds.map(hostCheckKey)]);
      await buffer.flush();
      await Promise.race([delivery.settled(), patience.sleep(DELIVER_ASKED_WITHIN_MS, closingSignal)]);
      return known;
    },
    test: hostChecks.test,
    skippedRuns: () => scheduler.skipped(),
    latestResults: latest.all,
    retryNow: () => delivery.retryNow(),
    closeNrpe: async () => nrpe?.stop(),
    async stop() {
      await scheduler.stop();
      await devices.close();
    },
    flush: () => buffer.flush(),
    delivered: () => delivery.settled(),
  };
}
