import { mkdir, readFile } from "node:fs/promises";
import type { AgentConfiguration } from "@mycloud/protocol/agent";
import type { Labels } from "@mycloud/protocol/name";
import { createServerClock } from "../clock/index.ts";
import { createBegunCommands, createCommandExecutor, runEventHandler } from "../command-execution/index.ts";
import { readCachedConfiguration, writeCachedConfiguration } from "../configuration/index.ts";
import { type AgentIdentity, createRequestToken } from "../identity/index.ts";
import type { AgentDiagnostics } from "../log-pipeline/index.ts";
import type { Logger } from "../logger/index.ts";
import { startMetricsPush } from "../metrics-push/index.ts";
import { liveFilesOf, loadPolicy } from "../policy/index.ts";
import { type Patience, startRetryLoop, waitMs } from "../retry-loop/index.ts";
import { openSpool, type SpoolPolicy } from "../spool/index.ts";
import type { AgentPaths } from "../state-directory/index.ts";
import { type AgentStatusFile, createContact, writeStatus } from "../status/index.ts";
import { createControlPlane, createHttpConnection, followCommandStream } from "../transport/index.ts";
import { startKeepAlive } from "./keep-alive.ts";
import { keepStatus } from "./keep-status.ts";
import { createQuestions } from "./questions.ts";
import { startBackups } from "./start-backups.ts";
import { startChecks } from "./start-checks.ts";
import { startLogs } from "./start-logs.ts";
import { type MetricsSettings, startMetrics } from "./start-metrics.ts";

/** What an agent needs from outside. */
export interface AgentRun {
  readonly paths: AgentPaths;
  readonly identity: AgentIdentity;
  readonly serverUrl: string;
  readonly version: string;
  readonly concurrency: number;
  readonly spoolPolicy: SpoolPolicy;
  /** Where check_nrpe is answered; null for nowhere. */
  readonly nrpe: { readonly host: string; readonly port: number } | null;
  readonly metrics: MetricsSettings;
  readonly collectFacts: () => Promise<Labels>;
  /** Of the host, as others reach it. */
  readonly collectAddresses: () => Promise<string[]>;
  readonly patience: Patience;
  readonly logger: Logger;
  /** What the agent writes to its own log; nothing when left out. */
  readonly diagnostics?: AgentDiagnostics;
  /** The wall clock. */
  readonly now: () => number;
  /** A clock that is never set back, also in milliseconds since 1970. */
  readonly monotonicNow: () => number;
  /** Ends the run. */
  readonly signal: AbortSignal;
}

/** Used until a configuration says otherwise. */
const DEFAULT_KEEPALIVE_SECONDS = 30;
/** On stopping: how long aborted checks may take to end, and how long the last results may take to be delivered. */
const END_CHECKS_WITHIN_MS = 1_200;
const DELIVER_LAST_WITHIN_MS = 1_000;

/** Runs the agent until the signal fires; resolves when everything has ended, in under 3 s. Throws only while starting. */
export async function runAgent(run: AgentRun): Promise<void> {
  const { paths, identity, logger, now, monotonicNow, patience, signal } = run;
  const startedAtMs = now();
  const closing = new AbortController();
  const spool = await openSpool({
    directory: paths.spool,
    policy: run.spoolPolicy,
    now,
    newBatchId: () => crypto.randomUUID(),
    logger,
  });
  const clock = createServerClock(now);
  const ca = identity.caFile === null ? undefined : await readFile(identity.caFile, "utf8");
  const connection = await createHttpConnection(run.serverUrl, { keySha256: identity.serverKeySha256, ca });
  const controlPlane = createControlPlane({
    connection,
    clock,
    now,
    requestToken: createRequestToken(identity, clock.now),
    signal: closing.signal,
  });
  const contact = createContact(now, logger);
  const cached = await readCachedConfiguration(paths.configuration);
  let etag: string | null = cached?.etag ?? null;
  let configuration: AgentConfiguration | undefined = cached?.configuration;
  let confirmedAtMs: number | null = cached?.confirmedAtMs ?? null;

  function status(): AgentStatusFile {
    const { batches, bytes, oldestAtMs, ...dropped } = spool.status();
    const offsetMs = clock.offsetMs();
    return {
      version: run.version,
      pid: process.pid,
      hostName: identity.hostName,
      startedAtMs,
      writtenAtMs: now(),
      controlPlaneUrl: run.serverUrl,
      lastContactAtMs: contact.lastContactAtMs,
      lastError: contact.lastError,
      isRefused: contact.isRefused,
      connectedSinceMs: contact.connectedSinceMs,
      clockOffsetSeconds: offsetMs === null ? null : offsetMs / 1000,
      configurationConfirmedAtMs: confirmedAtMs,
      checks: configuration?.checks.length ?? 0,
      skippedRuns: checks.skippedRuns(),
      spooledBatches: batches,
      spooledBytes: bytes,
      oldestSpooledAtMs: oldestAtMs,
      ...dropped,
      ...logs.status(),
    };
  }

  const checks = await startChecks({
    paths,
    hostName: identity.hostName,
    agentVersion: run.version,
    concurrency: run.concurrency,
    nrpe: run.nrpe,
    spool,
    controlPlane,
    contact,
    configuration: () => configuration,
    status,
    loadPolicy: () => loadPolicy(paths.policy),
    patience,
    logger,
    now,
    monotonicNow,
    closingSignal: closing.signal,
  });
  const backups = await startBackups({
    paths,
    hostName: identity.hostName,
    agentVersion: run.version,
    controlPlane,
    backupJobs: () => configuration?.backupJobs ?? [],
    isNewHost: cached === undefined,
    loadPolicy: () => loadPolicy(paths.policy),
    patience,
    logger,
    // What is told of runs is in whole milliseconds; the estimate of the server's clock is not.
    now: () => Math.round(clock.now()),
    signal,
    closingSignal: closing.signal,
  });

  const logs = startLogs({
    directory: paths.logQueue,
    hostName: identity.hostName,
    loadPolicy: () => loadPolicy(paths.policy),
    diagnostics: run.diagnostics,
    logger,
    now,
    random: patience.random,
  });

  const metrics = startMetrics({
    settings: run.metrics,
    serverUrl: run.serverUrl,
    startedAtMs,
    status,
    results: checks.latestResults,
    backups: backups.figures,
    logger,
    now,
    monotonicNow,
  });

  const metricsPush = await startMetricsPush({
    directory: paths.metricsSpool,
    hostName: identity.hostName,
    scrape: () => metrics.exposition(),
    controlPlane,
    newBatchId: () => crypto.randomUUID(),
    patience,
    logger,
    now: clock.now,
    signal: closing.signal,
  });

  function apply(next: AgentConfiguration): void {
    configuration = next;
    checks.forgetOthers(next);
    if (!signal.aborted) checks.configure(next);
    if (!signal.aborted) backups.configure(next.backupJobs ?? []);
    if (!signal.aborted) logs.configure(next.logs);
    if (!signal.aborted) metricsPush.configure(next.metrics);
    logger.info({ checks: next.checks.length, etag }, "configuration in force");
  }

  const configurationRefresh = startRetryLoop({
    patience,
    signal: closing.signal,
    attempt: async () => {
      const outcome = await controlPlane.fetchConfiguration(configuration === undefined ? null : etag);
      if (outcome.kind !== "ok") {
        contact.failed(outcome);
        return outcome;
      }
      contact.succeeded();
      confirmedAtMs = now();
      etag = outcome.value.etag;
      if (outcome.value.configuration !== undefined) apply(outcome.value.configuration);
      if (configuration !== undefined) {
        await writeCachedConfiguration(paths.configuration, { etag, confirmedAtMs, configuration }).catch(
          (err: unknown) => logger.error({ err }, "the configuration could not be kept on disk"),
        );
      }
      return "idle";
    },
  });

  const executor = createCommandExecutor({
    loadPolicy: () => loadPolicy(paths.policy),
    checkNow: (serviceIds, hostIds) => checks.checkNow(serviceIds, hostIds),
    testRun: (request) => checks.test(request, closing.signal),
    runEventHandler: (words, request) => runEventHandler(words, request, monotonicNow, signal),
    begunCommands: createBegunCommands(paths.begunCommands),
    discover: async (hostIds) => {
      // Loaded only when it is asked for, as NRPE is.
      const { discover, discoverDevice, hostSources } = await import("../discovery/index.ts");
      if (hostIds !== undefined) {
        const devices = hostIds.flatMap((hostId) => checks.devices.find(hostId) ?? []);
        if (devices.length === 0) {
          return { kind: "invalid", message: "no SNMP credential matches the host, or another agent probes it" };
        }
        if (!(await loadPolicy(paths.policy)).policy.allow.includes("probe")) {
          return { kind: "invalid", message: "the policy of this host does not allow to probe" };
        }
        let found = 0;
        for (const device of devices) {
          const probed = await discoverDevice(device, await checks.devices.sessions(), signal);
          const sent = await controlPlane.sendDiscovery({
            found: [],
            failed: [],
            isOwnHostLeftOut: true,
            probed: [probed],
          });
          if (sent.kind !== "ok") return sent;
          const [fault] = probed.found.length === 0 ? probed.failed : [];
          if (fault !== undefined) return { kind: "invalid", message: fault.message };
          found += probed.found.length;
        }
        return { kind: "ok", value: found };
      }
      const report = await discover(hostSources, signal);
      const sent = await controlPlane.sendDiscovery(report);
      return sent.kind === "ok" ? { kind: "ok", value: report.found.length } : sent;
    },
    async backup(request) {
      const fault = await backups.command(request);
      // What is paused is told by keepalives, and somebody looks at it now.
      if (request.kind === "backup-pause" || request.kind === "backup-resume") keepAlive.endPause();
      return fault;
    },
    restore: (command) => backups.restore(command),
    acknowledge: controlPlane.acknowledgeCommand,
    pause: (failures, failure) => patience.sleep(waitMs(patience, failures, failure), closing.signal),
    logger,
    signal: closing.signal,
  });

  const questions = createQuestions({
    hostName: identity.hostName,
    paths,
    controlPlane,
    loadPolicy: () => loadPolicy(paths.policy),
    backupJobs: () => configuration?.backupJobs ?? [],
    patience,
    logger,
    signal,
  });

  const keepAlive = startKeepAlive({
    controlPlane,
    contact,
    patience,
    collectFacts: run.collectFacts,
    async describe() {
      const spooled = spool.status();
      const { policy } = await loadPolicy(paths.policy);
      return {
        agentVersion: run.version,
        startedAtMs,
        sentAtMs: now(),
        configurationEtag: etag,
        spooledBatches: spooled.batches,
        spooledBytes: spooled.bytes,
        droppedResults: spooled.droppedResults,
        rejectedBatches: spooled.rejectedBatches,
        mayProbe: policy.allow.includes("probe"),
        liveFiles: liveFilesOf(policy),
        addresses: policy.allow.includes("register") ? await run.collectAddresses() : null,
        pausedBackups: backups.paused(),
        metrics: metrics.reachable(),
        ...logs.report(),
      };
    },
    intervalMs: () => (configuration?.keepaliveIntervalSeconds ?? DEFAULT_KEEPALIVE_SECONDS) * 1000,
    onAnswer(configurationEtag) {
      if (configurationEtag !== etag) configurationRefresh.retryNow();
    },
    monotonicNow,
    signal: closing.signal,
  });
  const keepalives = keepAlive.ended.catch((err: unknown) => logger.error({ err }, "keepalives ended"));

  const stream = followCommandStream({
    controlPlane,
    patience,
    monotonicNow,
    signal: closing.signal,
    handlers: {
      onConnected() {
        contact.connected();
        contact.succeeded();
        logger.info({ server: run.serverUrl }, "connected to the control plane");
        configurationRefresh.retryNow();
        checks.retryNow();
        metricsPush.retryNow();
        backups.retryNow();
        keepAlive.endPause();
      },
      onDisconnected(failure) {
        contact.disconnected();
        contact.failed(failure);
      },
      onCommand: (command) => executor.accept(command),
      onQuestion: (question) => questions.accept(question),
      onConfigurationChanged: () => configurationRefresh.retryNow(),
      onUnknown: (event) => logger.warn({ event }, "an event of the control plane is not understood"),
    },
  });

  const statusKept = keepStatus({ path: paths.status, status, patience, logger, signal: closing.signal });

  logger.info(
    { version: run.version, host: identity.hostName, server: run.serverUrl, spooledBatches: spool.status().batches },
    "agent started",
  );
  const { fault } = await loadPolicy(paths.policy);
  if (fault !== undefined) logger.error({ fault }, "policy file");
  if (configuration !== undefined) apply(configuration);
  await writeStatus(paths.status, status()).catch(() => undefined);

  await aborted(signal);
  await checks.closeNrpe();
  await backups.closeSocket();
  await metrics.stop();
  const logsStopped = logs.stop();
  await Promise.race([Promise.all([checks.stop(), backups.stop(), questions.stop()]), delay(END_CHECKS_WITHIN_MS)]);
  await checks.flush();
  await Promise.race([checks.delivered(), delay(DELIVER_LAST_WITHIN_MS)]);
  closing.abort();
  connection.close();
  await Promise.all([stream, keepalives, statusKept, logsStopped]);
  contact.disconnected();
  await writeStatus(paths.status, status()).catch(() => undefined);
  logger.info({ spooledBatches: spool.status().batches }, "agent stopped");
}

/** Makes the directories an agent writes to. Throws what the file system says. */
export async function prepareStateDirectory(paths: AgentPaths): Promise<void> {
  await mkdir(paths.spool, { recursive: true, mode: 0o750 });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
