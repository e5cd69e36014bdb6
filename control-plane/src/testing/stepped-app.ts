import { setTimeout as sleep } from "node:timers/promises";
import { expireAcknowledgements } from "../acknowledgement/index.ts";
import { createFindNotificationBlocks } from "../dependency/notification-blocks.ts";
import { createAnnounceDowntime, materialiseRecurring, noteDowntimes } from "../downtime/index.ts";
import { DefinitionCache } from "../monitored/index.ts";
import { createAnnounceOperation } from "../notification/announce-operations.ts";
import { createChannelSenders } from "../notification/channels/index.ts";
import { findMacroFacts } from "../notification/channels/macro-facts-store.ts";
import { closeBundles } from "../notification/close-bundles.ts";
import { NotificationDefinitionCache } from "../notification/definition-cache.ts";
import { createFindRootHosts } from "../notification/find-root-hosts.ts";
import { openMailServer } from "../notification/mail/mail-server.ts";
import { createQueueStore } from "../notification/queue-store.ts";
import { reevaluateProblems } from "../notification/reevaluate-problems.ts";
import { createChannelWorker } from "../notification/send-channel-messages.ts";
import { createNotificationSender } from "../notification/send-notifications.ts";
import { tellDue } from "../notification/tell-due.ts";
import { createAnnounceExpiry } from "../operation/announce-expiry.ts";
import { createAddressGuard } from "../outgoing-request/index.ts";
import { startTestApp, type TestApp, type TestAppOptions } from "./test-app.ts";

/** A control plane whose clock stands still until it is moved. */
export interface SteppedApp {
  readonly app: TestApp;
  nowMs(): number;
  /** Moves the clock, and nothing else. */
  moveTo(nowMs: number): void;
  /** Does what the control plane does by itself in the course of time, as far as it is due; but sends nothing. */
  settle(): Promise<void>;
  /** Sends what is due, as one does that has just been started: it knows of no target that did not answer. */
  deliver(): Promise<void>;
}

/**
 * Starts one; its own timers run as well, by the real clock, which makes no difference: each job works from what is stored, so that it does not matter
 * how often or by whom it is done. Call `app.stop` in the end.
 */
export async function startSteppedApp(startMs: number, options: TestAppOptions = {}): Promise<SteppedApp> {
  let clockMs = startMs;
  const now = () => clockMs;
  const app = await startTestApp({ ...options, now });
  const { core } = app.app;
  if (core === null) throw new Error("the control plane has not started");
  const { database, audit, changes, configuration, logger, publicUrl, random, sealer } = core;
  const hosts = new DefinitionCache({ dialect: database.dialect });
  const definitions = new NotificationDefinitionCache();
  changes.subscribe((type) => {
    if (type === "definitions") hosts.forget();
    if (type === "definitions" || type === "downtimes") definitions.forget();
  });
  let keys = 0;
  const shared = {
    ...{ database, audit, changes, definitions, hosts, logger, now },
    findBlocks: createFindNotificationBlocks(hosts),
    findRoots: createFindRootHosts(hosts, database.dialect),
    messageIdDomain: "stepped.example.org",
    newThreadKey: () => `stepped${++keys}`,
  };
  const announceOperation = createAnnounceOperation(shared);
  const announceDowntime = createAnnounceDowntime(database.dialect, announceOperation);
  const { signal } = new AbortController();

  async function settle(): Promise<void> {
    await materialiseRecurring(shared);
    await noteDowntimes({ ...shared, announce: announceDowntime });
    await expireAcknowledgements({ ...shared, announce: createAnnounceExpiry(announceOperation) });
    await reevaluateProblems(shared, signal);
    await tellDue(shared, signal);
    await closeBundles(shared, signal);
  }

  async function deliver(): Promise<void> {
    const queue = createQueueStore(database);
    const holder = `stepped${++keys}`;
    const server = openMailServer(configuration);
    const sender = { mailFrom: configuration.mailFrom, publicUrl };
    const senders = createChannelSenders({
      guard: createAddressGuard(configuration.outgoingNetworks),
      directory: configuration.notificationCommandDir,
      findFacts: (message) => findMacroFacts(database.db, message),
      now,
    });
    const sending = { database, queue, changes, publicUrl, holder, logger, now, random };
    await createNotificationSender({ ...sending, server, sender }).sendDue(signal);
    await createChannelWorker({ ...sending, senders, sealer }).sendDue(signal);
    server.close();
    // Its own senders may have been faster.
    const inHand = database.db.selectFrom("notification").select("id").where("phase", "=", "queued");
    while ((await inHand.where("claimed_until_ms", ">", now()).execute()).length > 0) await sleep(10);
  }

  return {
    app,
    nowMs: now,
    settle,
    deliver,
    moveTo(nowMs) {
      clockMs = nowMs;
    },
  };
}
