import type { SendMailOptions } from "nodemailer";
import { pino } from "pino";
import { createAuditLog } from "../../audit/index.ts";
import { createStoreBatches } from "../../check-result/store-batches.ts";
import {
  batchOf,
  type IngestFixtureOptions,
  ingestFixture,
  resultOf,
} from "../../check-result/testing/ingest-fixture.ts";
import type { ConnectedDatabase } from "../../database/dialect/dialect.ts";
import { createSealer } from "../../sealing/index.ts";
import { closeBundles } from "../close-bundles.ts";
import { NotificationDefinitionCache } from "../definition-cache.ts";
import { createNotificationDecider } from "../notification-decider.ts";
import { createQueueStore } from "../queue-store.ts";
import { reevaluateProblems } from "../reevaluate-problems.ts";
import { seedNotifications } from "../seed-notifications.ts";
import { createNotificationSender } from "../send-notifications.ts";
import { tellDue } from "../tell-due.ts";

/** A mail server that keeps what it gets; `fail` makes it refuse. */
export function fakeMailServer() {
  const sent: SendMailOptions[] = [];
  const state: { fail: Error | null } = { fail: null };
  return {
    sent,
    state,
    description: "smtp://fake:25",
    isExplicit: true,
    async send(mail: SendMailOptions) {
      if (state.fail !== null) throw state.fail;
      sent.push(mail);
    },
    answers: async () => true,
    close() {},
  };
}

/** Ingest with the real decider, an administrator who is told of everything, and a fake mail server; the clock is moved by hand. */
export async function notificationFixture(database: ConnectedDatabase, options: IngestFixtureOptions = {}) {
  const ingest = await ingestFixture(database, { maxCheckAttempts: 1, ...options });
  const { definitions: hosts, changes, now, newThreadKey, clock, logger } = ingest;
  await database.db
    .insertInto("user")
    .values({
      email: "admin@example.org",
      name: "Administrator",
      role: "admin",
      customer: null,
      password_hash: "x",
      is_disabled: 0,
      created_at_ms: 0,
      updated_at_ms: 0,
    })
    .execute();
  await seedNotifications(database, createSealer(new Uint8Array(32)), now());
  const definitions = new NotificationDefinitionCache();
  const messageIdDomain = "monitor.example.org";
  const { dialect } = database;
  const decider = createNotificationDecider({ dialect, definitions, messageIdDomain, newThreadKey });
  const storeBatches = createStoreBatches({ database, definitions: hosts, decider, changes, now, newThreadKey });
  const server = fakeMailServer();
  const queue = createQueueStore(database);

  const senderOf = (holder: string) =>
    createNotificationSender({
      queue,
      server,
      sender: { mailFrom: "mycloud@monitor.example.org", publicUrl: () => "https://monitor.example.org" },
      changes,
      holder,
      logger: pino({ level: "silent" }),
      now,
      random: () => 0,
    });
  const sender = senderOf("first");

  return {
    ...ingest,
    storeBatches,
    database,
    server,
    queue,
    sender,
    senderOf,
    audit: createAuditLog(now),
    notifications: definitions,
    /** Stores one result, a second after the one before. */
    async post(
      hostId: number,
      serviceId: number | null,
      returnCode: number,
      output = "DISK - 97% used|used=97%;80;90",
    ) {
      clock.nowMs += 1000;
      const result = resultOf(hostId, serviceId, returnCode, { checkedAtMs: clock.nowMs, output });
      await storeBatches([batchOf([result])]);
    },
    async sendAll() {
      await sender.sendDue(new AbortController().signal);
    },
    async reevaluate() {
      const dependencies = { database, definitions, hosts, changes, messageIdDomain, newThreadKey, now, logger };
      return await reevaluateProblems(dependencies, new AbortController().signal);
    },
    /** Asks the rules whose time has come, and closes the groups that are due. */
    async tellDue() {
      const dependencies = { database, definitions, hosts, changes, messageIdDomain, newThreadKey, now, logger };
      const { signal } = new AbortController();
      const told = await tellDue(dependencies, signal);
      await closeBundles(dependencies, signal);
      return told;
    },
    /** What is queued or sent, oldest first: `PROBLEM CRITICAL queued`. */
    async messages() {
      const rows = await database.db.selectFrom("notification").selectAll().orderBy("id").execute();
      return rows.map((row) => `${row.type} ${row.state} ${row.phase}`);
    },
    /** What came of each change, oldest first: `CRITICAL notified`. */
    async outcomes() {
      const rows = await database.db.selectFrom("state_change").selectAll().orderBy("id").execute();
      return rows.map((row) => `${row.to_state} ${row.notification_reason}`);
    },
    async addDowntime(fromMs: number, untilMs: number, selector: object = {}) {
      await database.db
        .insertInto("downtime")
        .values({
          selector_json: JSON.stringify(selector),
          start_at_ms: fromMs,
          end_at_ms: untilMs,
          comment: "new disks",
          author_name: "carla",
          customer: null,
          created_at_ms: now(),
        })
        .execute();
      definitions.forget();
    },
  };
}
