import { expireAcknowledgements } from "../acknowledgement/index.ts";
import { createFindNotificationBlocks } from "../dependency/notification-blocks.ts";
import { createAnnounceDowntime, materialiseRecurring, noteDowntimes } from "../downtime/index.ts";
import { DefinitionCache } from "../monitored/index.ts";
import { createAnnounceOperation } from "../notification/announce-operations.ts";
import { closeBundles } from "../notification/close-bundles.ts";
import { NotificationDefinitionCache } from "../notification/definition-cache.ts";
import { createFindRootHosts } from "../notification/find-root-hosts.ts";
import { reevaluateProblems } from "../notification/reevaluate-problems.ts";
import { tellDue } from "../notification/tell-due.ts";
import { createAnnounceExpiry } from "../operation/announce-expiry.ts";
import { startTestApp, type TestApp, type TestAppOptions } from "./test-app.ts";

/** A control plane whose clock stands still until it is moved. */
export interface SteppedApp {
  readonly app: TestApp;
  nowMs(): number;
  /** Moves the clock, and nothing else. */
  moveTo(nowMs: number): void;
  /** Does what the control plane does by itself in the course of time, as far as it is due. */
  settle(): Promise<void>;
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
  const { database, audit, changes, logger } = core;
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

  return {
    app,
    nowMs: now,
    settle,
    moveTo(nowMs) {
      clockMs = nowMs;
    },
  };
}
