import { createAccountMails } from "../account-mail/index.ts";
import type { AskAgent } from "../agent-question/index.ts";
import {
  createMaintenance,
  createMaintenanceMetrics,
  createMaintenanceRoutes,
  runProcess,
} from "../backup-maintenance/index.ts";
import { createAgentRepositoryRoutes, createRepositoryRoutes, syncRepositories } from "../backup-repository/index.ts";
import {
  createAgentRunRoutes,
  createRunMetrics,
  createRunRoutes,
  createSendBackupCommand,
  type LiveProgress,
} from "../backup-run/index.ts";
import {
  createBackupsWatch,
  createFollowOutcome,
  createRepositoryMetrics,
  createWatchRoutes,
} from "../backup-watch/index.ts";
import type { AcceptCheckResults } from "../check-result/index.ts";
import { createExcludesPreviewRoutes } from "../excludes-preview/index.ts";
import type { Core, Part } from "../part.ts";
import { runEvery } from "../schedule/index.ts";
import { createStaffAccess } from "../staff-access/index.ts";
import { createStorageKeyRoutes, createStorageSigner } from "../storage-capability/index.ts";
import { createStorageWatch } from "../storage-watch/index.ts";

/** How soon a changed policy shows, and how soon a run does in its services. */
const intervalMs = 500;
/** Freshness changes by itself, with time. */
const lookEveryMs = 5_000;
/** In case news of a change was lost. */
const syncEveryMs = 60_000;
const leaseMs = 15_000;
/** How soon maintenance begins that was asked for; a look costs three statements. */
const maintenanceEveryMs = 2_000;
const maintenanceLeaseMs = 60_000;
/** Storage servers are asked this often, and this soon after something happened to a repository. */
const storageEveryMs = 60_000;
/** After somebody has asked for a scrub; a large one is found out about in the ordinary time. */
const scrubAwaitedEveryMs = 3_000;
const scrubAwaitedMs = 120_000;
const storageSoonMs = 8_000;
const storageLeaseMs = 60_000;

export interface BackupsDependencies {
  readonly acceptCheckResults: AcceptCheckResults;
  /** Commands to agents were created: have them delivered at once. */
  readonly wake: () => void;
  /** Progress of runs, which also shows with machines. */
  readonly live: LiveProgress;
  /** What a policy that is being written leaves out is counted by the machine itself. */
  readonly askAgent: AskAgent;
}

/** Wires backups. One control plane at a time plans and watches; each answers. */
export function createBackups(core: Core, { acceptCheckResults, wake, live, askAgent }: BackupsDependencies): Part {
  const { database, changes, audit, sealer, leases, logger, now, registry } = core;
  const signer = createStorageSigner({ database, sealer, now });
  const sendCommand = createSendBackupCommand({ database, audit, now, wake });
  const mails = createAccountMails({ sealer, now });
  const watch = createBackupsWatch({ database, acceptCheckResults, audit, mails, now });
  const followOutcome = createFollowOutcome({ audit, mails, now });
  const maintenance = createMaintenance({
    ...{ database, audit, changes, sealer, signer, runProcess, logger, now },
    metrics: createMaintenanceMetrics(registry),
  });
  const metrics = createRunMetrics(registry);
  createRepositoryMetrics(registry, database, now);
  let maintaining: ReturnType<typeof runEvery> | undefined;
  const storageWatch = createStorageWatch({ database, sealer, signer, acceptCheckResults, changes, logger, now });
  let watchingStorage: ReturnType<typeof runEvery> | undefined;
  let isStorageDue = true;
  let askedStorageAtMs = 0;
  /** Until then storage servers are asked often: somebody waits for what a scrub finds. */
  let scrubAwaitedUntilMs = 0;
  let isSyncDue = true;
  let isLookDue = true;
  let syncedAtMs = 0;
  let lookedAtMs = 0;
  let told = "";
  let running: ReturnType<typeof runEvery> | undefined;
  const unsubscribe = changes.subscribe((type) => {
    if (type === "definitions") isSyncDue = true;
    else if (type === "backup-runs") {
      isLookDue = true;
      isStorageDue = true;
    }
  });

  function awaitScrub(): void {
    scrubAwaitedUntilMs = performance.now() + scrubAwaitedMs;
  }

  async function sync(): Promise<void> {
    const { isChanged, homeless, conflicts } = await syncRepositories(database, sealer, now());
    const complaint = JSON.stringify({ homeless, conflicts });
    if (complaint !== told && homeless.length > 0) logger.warn({ homeless }, "policies have no storage server");
    if (complaint !== told && conflicts.length > 0) logger.warn({ conflicts }, "names of backup services are taken");
    told = complaint;
    if (!isChanged) return;
    changes.publish("definitions", null);
    isLookDue = true;
  }

  async function work(): Promise<void> {
    const elapsedMs = (sinceMs: number) => performance.now() - sinceMs;
    if (isSyncDue || elapsedMs(syncedAtMs) >= syncEveryMs) {
      isSyncDue = false;
      try {
        await sync();
      } catch (error) {
        isSyncDue = true;
        throw error;
      }
      syncedAtMs = performance.now();
    }
    if (isLookDue || elapsedMs(lookedAtMs) >= lookEveryMs) {
      isLookDue = false;
      await watch.look();
      lookedAtMs = performance.now();
    }
  }

  return {
    name: "backup",
    routes: [
      ...createStorageKeyRoutes(signer),
      ...createAgentRepositoryRoutes({ database, signer }),
      ...createRepositoryRoutes({ database, audit, sealer, signer, sendCommand, now }),
      ...createAgentRunRoutes({ database, changes, sealer, signer, live, followOutcome, metrics, now }),
      ...createRunRoutes({ database, live, sendCommand }),
      ...createMaintenanceRoutes({ database, audit, changes, now }),
      ...createWatchRoutes({ database, audit, signer, sendCommand, awaitScrub, now }),
      ...createExcludesPreviewRoutes({ database, ask: askAgent, staff: createStaffAccess(core) }),
    ],
    async start() {
      const job = async () => {
        if (await leases.runLeased("backup", leaseMs, work)) return;
        // Who does it next begins with all.
        isSyncDue = true;
        watch.forget();
      };
      running = runEvery({ name: "backup", intervalMs, job, logger });
      watchingStorage = runEvery({
        name: "storage-watch",
        intervalMs: storageSoonMs,
        job: async (stopping) => {
          const everyMs = performance.now() < scrubAwaitedUntilMs ? scrubAwaitedEveryMs : storageEveryMs;
          if (!isStorageDue && performance.now() - askedStorageAtMs < everyMs) return;
          isStorageDue = false;
          askedStorageAtMs = performance.now();
          const lookUntilEither = async (lost: AbortSignal) => {
            await storageWatch.look(AbortSignal.any([lost, stopping]));
            isLookDue = true;
          };
          await leases.runLeased("storage-watch", storageLeaseMs, lookUntilEither);
        },
        logger,
      });
      maintaining = runEvery({
        name: "backup-maintenance",
        intervalMs: maintenanceEveryMs,
        job: async (stopping) => {
          const workUntilEither = (lost: AbortSignal) => maintenance.work(AbortSignal.any([lost, stopping]));
          await leases.runLeased("backup-maintenance", maintenanceLeaseMs, workUntilEither);
        },
        logger,
      });
    },
    async stop() {
      unsubscribe();
      await running?.stop();
      await maintaining?.stop();
      await watchingStorage?.stop();
    },
  };
}
