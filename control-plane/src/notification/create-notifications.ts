import { randomBytes, randomUUID } from "node:crypto";
import { createContactRoutes } from "../contact/index.ts";
import { createFindNotificationBlocks } from "../dependency/notification-blocks.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import { createAddressGuard } from "../outgoing-request/index.ts";
import type { Core, Part } from "../part.ts";
import { runEvery } from "../schedule/index.ts";
import type { NotificationDecider } from "../state-change/index.ts";
import { type AnnounceAcknowledgements, createAnnounceAcknowledgements } from "./announce-acknowledgements.ts";
import { type AnnounceOperation, createAnnounceOperation } from "./announce-operations.ts";
import type { TellBackground } from "./background.ts";
import { createChannelSenders } from "./channels/index.ts";
import { findMacroFacts } from "./channels/macro-facts-store.ts";
import { findMacroSurroundings } from "./channels/macro-surroundings-store.ts";
import { countEverything, createTotalCounts } from "./channels/total-counts.ts";
import { closeBundles } from "./close-bundles.ts";
import { NotificationDefinitionCache } from "./definition-cache.ts";
import { createFindRootHosts } from "./find-root-hosts.ts";
import { type MailServer, openMailServer } from "./mail/mail-server.ts";
import { domainOf } from "./mail/message-id.ts";
import { createNotificationMetrics } from "./metrics.ts";
import { createNotificationDecider } from "./notification-decider.ts";
import { createQueueStore } from "./queue-store.ts";
import { reevaluateProblems } from "./reevaluate-problems.ts";
import { createNotificationRoutes } from "./routes.ts";
import { createNotificationRuleRoutes } from "./rule-routes.ts";
import { seedNotifications } from "./seed-notifications.ts";
import { createChannelWorker } from "./send-channel-messages.ts";
import { createNotificationSender } from "./send-notifications.ts";
import { tellDue } from "./tell-due.ts";

/** Everything that tells people of problems, wired. */
export interface Notifications {
  readonly part: Part;
  /** For ingest: asked in the transaction of every state change. */
  readonly decider: NotificationDecider;
  /** For acknowledgements: tells those who know of the problem that somebody is on it. */
  readonly announceAcknowledgements: AnnounceAcknowledgements;
  /** For downtimes, notes and acknowledgements that ran out. */
  readonly announceOperation: AnnounceOperation;
  /** For other mails; closed when this part stops. */
  readonly mailServer: MailServer;
  /** What the console says of mail: false while none is configured and none answers on this machine. */
  isMailConfigured(): boolean;
}

/** Wires contacts, rules and messages. `hosts` is ingest's cache. */
export function createNotifications(core: Core, hosts: DefinitionCache, tellBackground: TellBackground): Notifications {
  const { database, changes, audit, leases, logger, now, random, configuration, registry } = core;
  const { mailFrom } = configuration;
  const definitions = new NotificationDefinitionCache();
  const unsubscribe = changes.subscribe((type) => {
    if (type === "definitions" || type === "downtimes") definitions.forget();
  });
  const server = openMailServer(configuration);
  const sender = { mailFrom, publicUrl: core.publicUrl };
  const newThreadKey = () => randomBytes(6).toString("base64url").replaceAll(/[-_]/g, "0");
  const messageIdDomain = domainOf(mailFrom);
  const queue = createQueueStore(database);
  const { observe } = createNotificationMetrics(registry, queue);
  const holder = randomUUID();
  const sending = { queue, server, sender, changes, holder, logger, now, random, observe };
  const mailer = createNotificationSender({ ...sending, tellBackground });
  const findBlocks = createFindNotificationBlocks(hosts);
  const startedAt = String(Math.floor(now() / 1000));
  const own = {
    PROCESSSTARTTIME: startedAt,
    EVENTSTARTTIME: startedAt,
    ADMINEMAIL: configuration.adminEmail,
    COMMANDFILE: configuration.commandFile ?? "",
    TEMPPATH: "/tmp",
  };
  const totals = createTotalCounts(() => countEverything(database.db), now);
  const worker = createChannelWorker({
    database,
    queue,
    senders: createChannelSenders({
      guard: createAddressGuard(configuration.outgoingNetworks),
      directory: configuration.notificationCommandDir,
      findFacts: async (message) => ({
        ...(await findMacroFacts(database.db, message)),
        around: await findMacroSurroundings(database, message, totals, now()),
        own,
      }),
      now,
    }),
    sealer: core.sealer,
    changes,
    publicUrl: core.publicUrl,
    holder,
    logger,
    now,
    random,
    observe,
  });
  const findRoots = createFindRootHosts(hosts, database.dialect);
  const shared = { database, definitions, hosts, findBlocks, findRoots, messageIdDomain, newThreadKey };
  const jobs: { stop(): Promise<void> }[] = [];

  return {
    decider: createNotificationDecider({ dialect: database.dialect, ...shared }),
    announceAcknowledgements: createAnnounceAcknowledgements(shared),
    announceOperation: createAnnounceOperation(shared),
    mailServer: server,
    isMailConfigured: () => mailer.isMailConfigured(),
    part: {
      name: "notification",
      routes: [
        ...createContactRoutes({ database, audit, changes, sealer: core.sealer, now }),
        ...createNotificationRuleRoutes({ database, audit, changes, now }),
        ...createNotificationRoutes({ database, audit, server, sender, now, newThreadKey }),
      ],
      async start() {
        // As with leases: a message that a killed one had in hand need not wait until its claim runs out.
        if (configuration.databaseUrl === null) await queue.releaseClaims();
        if (await seedNotifications(database, core.sealer, now())) changes.publish("definitions", null);
        const held = async (signal: AbortSignal) => {
          await reevaluateProblems({ ...shared, changes, now, logger }, signal);
        };
        // In this order: what is told now may be the first of a group, never the last of one that was just closed.
        const due = async (signal: AbortSignal) => {
          await tellDue({ ...shared, changes, now, logger }, signal);
          await closeBundles({ ...shared, changes, now }, signal);
        };
        jobs.push(
          // Not leased: the queue's claims let every control plane send.
          runEvery({
            name: "notification-sending",
            intervalMs: 1000,
            job: async (signal) => void (await mailer.sendDue(signal)),
            logger,
          }),
          runEvery({
            name: "notification-channels",
            intervalMs: 1000,
            job: async (signal) => void (await worker.sendDue(signal)),
            logger,
          }),
          runEvery({
            name: "notification-alerts",
            intervalMs: 60_000,
            job: async () =>
              void (await leases.runLeased("notification-alerts", 120_000, (lost) => worker.repeatAlerts(lost))),
            logger,
          }),
          runEvery({
            name: "notification-schedule",
            intervalMs: 1000,
            job: async () => void (await leases.runLeased("notification-schedule", 30_000, due)),
            logger,
          }),
          runEvery({
            name: "notification-reevaluation",
            intervalMs: 2000,
            job: async () => void (await leases.runLeased("notification-reevaluation", 30_000, held)),
            logger,
          }),
        );
      },
      async stop() {
        unsubscribe();
        // A connection that hangs would hold up the stop; its message is sent after the next start.
        const closing = setTimeout(() => server.close(), 2000);
        await Promise.all(jobs.map((job) => job.stop()));
        clearTimeout(closing);
        server.close();
      },
    },
  };
}
