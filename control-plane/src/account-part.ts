import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  createAccountRoutes,
  createEmailChangeRoutes,
  createOwnSessionRoutes,
  createTotpRoutes,
} from "./account/index.ts";
import {
  type AccountMails,
  createAccountMailSender,
  createUnsubscribeRoutes,
  createUnsubscribeSecrets,
} from "./account-mail/index.ts";
import { createInvitationRoutes } from "./invitation/index.ts";
import type { MailServer } from "./notification/mail/mail-server.ts";
import { createRequestThrottle, deleteOldLinks } from "./one-time-link/index.ts";
import type { Core, Part } from "./part.ts";
import { createPasswordResetRoutes, createRegistrationRoutes } from "./registration/index.ts";
import { runEvery } from "./schedule/index.ts";
import {
  createLoginThrottle,
  createSessionAuthenticator,
  createSessionRoutes,
  deleteExpiredChallenges,
  deleteExpiredSessions,
} from "./session/index.ts";

/** How people come in, stay in, and look after their account; and the mails about it. */
export function createAccountPart(core: Core, mails: AccountMails, server: MailServer): Part {
  const { database, leases, logger, now, random, sealer, configuration } = core;
  const throttle = createLoginThrottle(database, now);
  const requests = createRequestThrottle(database, now);
  const secrets = createUnsubscribeSecrets(sealer.deriveKey("unsubscribe links"));
  const shared = { ...core, mails, throttle, requests, policy: configuration.registration, sleep };
  const sender = createAccountMailSender({
    database,
    sealer,
    server,
    secrets,
    mailFrom: configuration.mailFrom,
    publicUrl: core.publicUrl,
    holder: randomUUID(),
    logger,
    now,
    random,
  });
  const jobs: { stop(): Promise<void> }[] = [];

  async function clean(): Promise<void> {
    await deleteExpiredSessions(database.db, now());
    await deleteExpiredChallenges(database.db, now());
    await deleteOldLinks(database.db, now());
    await throttle.deleteOld();
  }

  return {
    name: "account",
    routes: [
      ...createSessionRoutes(shared),
      ...createRegistrationRoutes(shared),
      ...createPasswordResetRoutes(shared),
      ...createInvitationRoutes(shared),
      ...createAccountRoutes(shared),
      ...createEmailChangeRoutes(shared),
      ...createOwnSessionRoutes(shared),
      ...createTotpRoutes(shared),
      ...createUnsubscribeRoutes({ ...core, secrets }),
    ],
    authenticators: { session: createSessionAuthenticator(database, now) },
    async start() {
      jobs.push(
        runEvery({
          name: "session-cleaning",
          intervalMs: 10 * 60_000,
          job: async () => void (await leases.runLeased("session-cleaning", 60_000, clean)),
          logger,
        }),
        // Not leased: claims let every control plane send.
        runEvery({ name: "account-mails", intervalMs: 1000, job: (signal) => sender.sendDue(signal), logger }),
      );
    },
    stop: async () => void (await Promise.all(jobs.map((job) => job.stop()))),
  };
}
