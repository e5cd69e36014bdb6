import { describePlugins, type PluginDescription } from "@mycloud/checks/plugin";
import { apiTokens, audit, customers, users } from "./access-parts.ts";
import { type AccountMails, createAccountMails, tellEnrolled } from "./account-mail/index.ts";
import { createAccountPart } from "./account-part.ts";
import { createAgents } from "./agent/index.ts";
import type { CheckNow } from "./agent-command/index.ts";
import { type AskAgent, countQuestions } from "./agent-question/index.ts";
import { createAlertmanager } from "./alertmanager/index.ts";
import { type Applies, createApplies } from "./apply/index.ts";
import { createAvailabilityRoutes } from "./availability/index.ts";
import { createBackups } from "./backup/index.ts";
import { createLiveProgress } from "./backup-run/index.ts";
import { type BusinessRules, businessRuleDescription, createBusinessRules } from "./business-rule/index.ts";
import { shareChanges } from "./change/index.ts";
import { createCheckRoutes, syncServicesOfHosts } from "./check/index.ts";
import { createIngest, type Ingest, type IngestDependencies } from "./check-result/index.ts";
import { createTellConfigurationChanges } from "./configuration-change/index.ts";
import { createCheckpoints } from "./database/checkpoint/index.ts";
import type { Executor } from "./database/dialect/dialect.ts";
import { createDefinitionRoutes, EnabledDefinitions } from "./definition/index.ts";
import { createDns } from "./dns-part.ts";
import { createEventRoutes } from "./event/index.ts";
import { createEventHandlers } from "./event-handler/index.ts";
import { createExportRoutes, createExports } from "./export/index.ts";
import { createForwards } from "./forward/index.ts";
import { createGrafanaData } from "./grafana-data/index.ts";
import { createHostRoutes } from "./host/index.ts";
import { createHostMetrics, type FindMetricsJobs } from "./host-metrics/index.ts";
import { createLiveFilesPart } from "./live-file/index.ts";
import { createLivestatus } from "./livestatus/index.ts";
import { logCheckDescription } from "./log-check/index.ts";
import { createForwardAddress, type ForwardAddress } from "./log-job/index.ts";
import { createLogListeners, createLogs, createLogWatch } from "./log-part.ts";
import { createLogPipelines } from "./log-pipeline/index.ts";
import { DefinitionCache } from "./monitored/index.ts";
import { createNotifications, type TellBackground } from "./notification/index.ts";
import { createSimulationRoutes } from "./notification/simulate/index.ts";
import { createOperations } from "./operation/index.ts";
import { createOverviewRoutes } from "./overview/index.ts";
import type { Core, Part } from "./part.ts";
import { createPerfdataWrites } from "./perfdata-write/index.ts";
import { freshness, perfdata, retention } from "./periodic-parts.ts";
import { createPreviewRoutes } from "./preview/index.ts";
import { createProblemRootsReader, createProblemRoutes, type ProblemRootsReader } from "./problem/index.ts";
import { createPrometheusTargetRoutes } from "./prometheus-targets/index.ts";
import { createRemoteWrites } from "./remote-write/index.ts";
import { createReferenceRoutes, createResourceRoutes, createWithProposed } from "./resource/index.ts";
import { createRestores } from "./restore-run/index.ts";
import { seedChecks } from "./seed/index.ts";
import { createServiceRoutes } from "./service/index.ts";
import { createServiceMetrics } from "./service-metrics/index.ts";
import { createServiceProposalRoutes } from "./service-proposal/index.ts";
import { createSmartViewPart } from "./smart-view-part.ts";
import { createSnapshotViews } from "./snapshot-view/index.ts";
import { createSnmpAgent } from "./snmp-agent/index.ts";
import { openSnmpEngine, type SnmpEngine } from "./snmp-message/index.ts";
import { createStateChangeRoutes, type EventHandlerQueue } from "./state-change/index.ts";
import { createTimelineRoutes } from "./timeline/index.ts";

/** Every concept of the control plane. A new one gets a function, below or in a file of its own, and a line here. */
export function createParts(core: Core): Part[] {
  const hosts = hostsInMemory(core);
  const tokens = apiTokens(core);
  const mails = createAccountMails(core);
  const logs = createLogs(core);
  const applies = appliesOf(core);
  // Made further below: what a mail tells of a host's configuration is asked of its backups.
  const tellBackground: TellBackground = async (...about) => [
    { title: "Changed in its configuration before", lines: await tellConfigurationChanges(...about) },
    ...(await logs.tell(...about)),
  ];
  const notifications = createNotifications(core, hosts, tellBackground);
  const forwards = createForwards(core);
  const remoteWrites = createRemoteWrites(core);
  const perfdataWrites = createPerfdataWrites({ ...core, remoteWrites });
  const outgoing = { decider: notifications.decider, forwarder: forwards.forwarder, perfdataWrites };
  const ingest = ingestOf(core, hosts, outgoing, eventHandlers(core, hosts));
  const hostMetrics = createHostMetrics(core, { definitions: hosts, remoteWrites });
  const { forwardPublic, publicUrl } = core.configuration;
  const forwardAddress = createForwardAddress({ configured: forwardPublic, publicUrl });
  const agents = agentsOf(core, hosts, ingest, mails, forwardAddress, hostMetrics.findJobs);
  const snapshotViews = createSnapshotViews(core, { askAgent: agents.ask });
  const tellConfigurationChanges = createTellConfigurationChanges({
    ...core,
    ask: snapshotViews.askRepository,
    monotonicNow: () => performance.now(),
  });
  const live = createLiveProgress();
  const businessRules = createBusinessRules({ ...core, definitions: hosts, ...ingest });
  const roots = problemRoots(core, hosts, businessRules);
  const snmpEngine = snmpEngineOf(core);
  const operations = createOperations(core, { hosts, ingest, checkNow: agents.checkNow, ...notifications });
  return [
    createCheckpoints(core),
    logs.part,
    users(core),
    tokens.part,
    customers(core, tokens.forget),
    audit(core),
    events(core),
    changesOfOthers(core),
    notifications.part,
    createAccountPart(core, mails, notifications.mailServer),
    applies.part,
    definitions(core, hosts, roots, applies),
    remoteWrites.part,
    perfdataWrites.part,
    ingest.part,
    forwards.part,
    hostMetrics.part,
    createServiceMetrics(core),
    {
      name: "prometheus-targets",
      routes: createPrometheusTargetRoutes({ ...core, findJobs: hostMetrics.findJobs }),
    },
    ...createLogListeners(core, logs, forwardAddress, { ...operations, definitions: hosts, engine: snmpEngine }),
    agents.part,
    operations.part,
    createBackups(core, { ...ingest, wake: agents.wake, live, askAgent: agents.ask }),
    createRestores(core, { wake: agents.wake }),
    snapshotViews.part,
    createLiveFilesPart(core, { askAgent: agents.ask }),
    createSmartViewPart(core, { ask: snapshotViews.askRepository, live, findToken: tokens.find }),
    businessRules.part,
    ...createLogWatch(core, logs, { definitions: hosts, ...ingest }),
    observations(core, roots, ingest, notifications.isMailConfigured),
    reports(core, hosts),
    freshness(core, ingest),
    perfdata(core),
    retention(core),
    createAlertmanager(core, { definitions: hosts, ingest, roots }),
    createGrafanaData(core, { definitions: hosts, store: logs.store, roots }),
    ...operations.listeners,
    createLivestatus(core, { commands: operations.commands, findRuleLeaves: businessRules.findLeaves }),
    createSnmpAgent(core, snmpEngine),
    createDns(core),
  ];
}

/** One engine for all who speak SNMP, begun when the first of them starts. */
function snmpEngineOf({ configuration }: Core): () => Promise<SnmpEngine> {
  let engine: Promise<SnmpEngine> | undefined;
  return async () => {
    engine ??= openSnmpEngine(configuration.stateDir, () => performance.now());
    return await engine;
  };
}

/** Hosts and services as ingest and notifications know them, read again after every change of definitions. */
function hostsInMemory({ database, changes }: Core): DefinitionCache {
  const hosts = new DefinitionCache({ dialect: database.dialect });
  changes.subscribe((type) => {
    if (type === "definitions") hosts.forget();
  });
  return hosts;
}

/** What checks can run: the built-in plugins, and what the control plane computes itself. */
async function describeCommands(): Promise<PluginDescription[]> {
  return [...(await describePlugins()), businessRuleDescription, logCheckDescription];
}

/** Changes of definitions that are too large for one transaction. */
function appliesOf({ configuration, database, audit, sealer, leases, changes, logger, now }: Core): Applies {
  const databaseLocation = locationOf({ configuration, database });
  const shared = { database, audit, sealer, leases, changes, logger, now, describeCommands, databaseLocation };
  return createApplies({ ...shared, monotonicNow: () => performance.now() });
}

/** Where threads that open the database for themselves find it. */
function locationOf({ configuration, database }: Pick<Core, "configuration" | "database">): string {
  return configuration.databaseUrl ?? database.filePath ?? ":memory:";
}

/** Hosts, services and checks, by themselves and as files. */
function definitions(
  { configuration, database, audit, changes, sealer, logger, now }: Core,
  hosts: DefinitionCache,
  roots: ProblemRootsReader,
  applies: Applies,
): Part {
  const dependencies = { database, audit, changes, sealer, now, definitions: hosts, roots, applies };
  return {
    name: "definition",
    routes: [
      ...createHostRoutes(dependencies),
      ...createServiceRoutes(dependencies),
      ...createServiceProposalRoutes({ ...dependencies, planServicesOfHost: servicesPlanner({ database, logger }) }),
      ...createCheckRoutes({ ...dependencies, describeCommands }),
      ...createDefinitionRoutes(dependencies),
      ...createPreviewRoutes({ database, now }),
      ...createReferenceRoutes({ database }),
      ...createSimulationRoutes({
        database,
        withProposed: createWithProposed({ ...dependencies, describeCommands: describePlugins }),
        now,
      }),
      ...createResourceRoutes({ ...dependencies, describeCommands }),
      ...createExportRoutes({
        exports: createExports({ database, databaseLocation: locationOf({ configuration, database }) }),
      }),
    ],
    async start() {
      if (await seedChecks({ database, audit, now })) changes.publish("definitions", null);
    },
  };
}

/** What agents do about state changes by themselves. */
function eventHandlers({ database, audit, changes, sealer }: Core, hosts: DefinitionCache): EventHandlerQueue {
  const handlers = new EnabledDefinitions("EventHandler", sealer);
  changes.subscribe((type) => {
    if (type === "definitions") handlers.forget();
  });
  return createEventHandlers({ dialect: database.dialect, definitions: hosts, handlers, audit });
}

/** The way of results into the database; others hand theirs to `acceptCheckResults`. */
function ingestOf(
  core: Core,
  hosts: DefinitionCache,
  outgoing: Pick<IngestDependencies, "decider" | "forwarder" | "perfdataWrites">,
  eventHandlers: EventHandlerQueue,
): Ingest & { readonly part: Part } {
  const { database, changes, registry, logger, now } = core;
  const shared = { database, changes, definitions: hosts, registry, logger, now };
  const ingest = createIngest({ ...shared, ...outgoing, eventHandlers });
  return { ...ingest, part: { name: "check-result", routes: ingest.routes, stop: ingest.stop } };
}

/** Gives a host the services that its labels and groups amount to. */
function servicesPlanner({ database, logger }: Pick<Core, "database" | "logger">) {
  return async (tx: Executor, hostId: number, nowMs: number): Promise<void> => {
    const plan = await syncServicesOfHosts(tx, database.dialect, [hostId], "keep", nowMs);
    if (plan.conflicts.length > 0) logger.warn({ conflicts: plan.conflicts }, "checks want the same service name");
  };
}

/** Agents, whose facts may change which checks apply to their host; nobody would hear of a conflict then, so the older service stays. */
function agentsOf(
  core: Core,
  definitions: DefinitionCache,
  { acceptCheckResults }: Ingest,
  mails: AccountMails,
  forwardAddress: ForwardAddress,
  findMetricsJobs: FindMetricsJobs,
): { readonly part: Part; readonly checkNow: CheckNow; readonly wake: () => void; readonly ask: AskAgent } {
  const { database, audit, changes, sealer, streams, leases, registry, logger, now, configuration } = core;
  const all = createAgents({
    database,
    audit,
    changes,
    eventStreams: streams,
    acceptCheckResults,
    definitions,
    planServicesOfHost: servicesPlanner({ database, logger }),
    tellEnrolled: (tx, machine) => tellEnrolled(mails, tx, machine),
    publicUrl: configuration.publicUrl,
    logs: { sealer, endpoint: forwardAddress.endpoint },
    logPipelines: createLogPipelines({ registry, now }),
    findMetricsJobs,
    leases,
    logger,
    now,
  });
  const part: Part = {
    name: "agent",
    routes: all.routes,
    authenticators: { agentToken: all.authenticate },
    start: async () => all.start(),
    stop: all.stop,
  };
  return { part, checkNow: all.checkNow, wake: all.wake, ask: countQuestions(registry, all.ask) };
}

/** What problems follow from, worked out once for all who show it. */
function problemRoots(
  { database, changes, now }: Core,
  definitions: DefinitionCache,
  { findLeaves }: BusinessRules,
): ProblemRootsReader {
  const roots = createProblemRootsReader({ database, definitions, findRuleLeaves: findLeaves, now });
  changes.subscribe((type) => {
    if (type === "services" || type === "hosts" || type === "definitions") roots.forget();
  });
  return roots;
}

/** What monitoring sees: problems, history, the first page. */
function observations(
  { database, now }: Core,
  roots: ProblemRootsReader,
  { rate }: Ingest,
  isMailConfigured: () => boolean,
): Part {
  return {
    name: "observation",
    routes: [
      ...createStateChangeRoutes({ database }),
      ...createProblemRoutes({ database, now, roots }),
      ...createOverviewRoutes({ database, now, rate, isMailConfigured, roots }),
    ],
  };
}

/** What was: shares of time by state, and everything that happened. */
function reports({ database, now }: Core, definitions: DefinitionCache): Part {
  const dependencies = { database, definitions, now };
  return {
    name: "report",
    routes: [...createAvailabilityRoutes(dependencies), ...createTimelineRoutes(dependencies)],
  };
}

function events({ changes, streams, now }: Core): Part {
  const { routes, stop } = createEventRoutes({ changes, streams, now });
  return { name: "event", routes, stop: async () => stop() };
}

/** SQLite has one control plane, which hears of its own changes at once. */
function changesOfOthers({ database, changes, logger }: Core): Part {
  let stop: (() => Promise<void>) | undefined;
  return {
    name: "change",
    async start() {
      if (database.dialect.kind === "mariadb") stop = shareChanges({ database, changes, logger });
    },
    stop: async () => stop?.(),
  };
}
