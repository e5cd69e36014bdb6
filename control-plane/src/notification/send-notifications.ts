import type { Logger } from "pino";
import type { ChangeBus } from "../change/index.ts";
import type { Background, TellBackground } from "./background.ts";
import { classifyFailure } from "./classify-failure.ts";
import { isBundle } from "./mail/bundle-content.ts";
import type { MailServer } from "./mail/mail-server.ts";
import { type MailSender, type QueuedMail, renderMail } from "./mail/render-mail.ts";
import type { ClaimedMessage, QueueStore } from "./queue-store.ts";
import { retryDelayMs } from "./retry-delay.ts";

export interface SenderDependencies {
  readonly queue: QueueStore;
  readonly server: MailServer;
  readonly sender: MailSender;
  readonly changes: ChangeBus;
  /** Unique for this process. */
  readonly holder: string;
  readonly logger: Logger;
  /** What changed before a problem, and what was logged; takes a few seconds at most. */
  readonly tellBackground?: TellBackground;
  readonly now: () => number;
  readonly random: () => number;
  /** Told of every attempt. */
  readonly observe?: (outcome: "sent" | "retry" | "dead") => void;
}

/** Sends what is due. One round at a time per process; other control planes work on the same queue. */
export interface NotificationSender {
  /** Sends what is due now, and answers how many messages it took from the queue. */
  sendDue(signal: AbortSignal): Promise<number>;
  /** False while no mail server was configured and none answers on this machine. */
  isMailConfigured(): boolean;
}

const tellingMs = 5_000;
const batchSize = 20;
/** Above the time-outs of one message, so that a slow server's message is not sent a second time meanwhile. */
const claimMs = 180_000;
const probeIntervalMs = 60_000;
/** While the server is away, it is tried again after 15 s * 2^4 at the latest. */
const mostConnectionFailures = 5;

export function createNotificationSender(dependencies: SenderDependencies): NotificationSender {
  const { queue, server, sender, changes, holder, logger, tellBackground, now, random, observe } = dependencies;
  let pausedUntilMs = 0;
  let connectionFailures = 0;
  let loggedError = "";
  let hasAnswered = server.isExplicit;
  let nextProbeAtMs = 0;

  /** So that the console says whether mail works before the first problem has to be told. */
  async function probe(): Promise<void> {
    if (hasAnswered || now() < nextProbeAtMs) return;
    nextProbeAtMs = now() + probeIntervalMs;
    hasAnswered = await server.answers();
    if (hasAnswered) logger.info({ server: server.description }, "mail server of this machine found");
  }

  /** Only the first message of a problem tells it; those after it would say the same again. */
  async function backgroundOf({ content }: QueuedMail): Promise<readonly Background[]> {
    if (tellBackground === undefined || isBundle(content) || content.type !== "PROBLEM" || content.number > 1)
      return [];
    const { hostId, lastOkAtMs, problemStartedAtMs, atMs } = content;
    const times = { lastOkAtMs, startedAtMs: problemStartedAtMs ?? atMs };
    return await tellBackground(hostId, times, AbortSignal.timeout(tellingMs));
  }

  async function sendOne(message: ClaimedMessage): Promise<ReturnType<typeof classifyFailure> | null> {
    if (message.mail === null) {
      await queue.markDead(holder, message.id, "the stored content cannot be read by this version");
      return null;
    }
    try {
      await server.send(renderMail(message.mail, sender, await backgroundOf(message.mail)));
    } catch (error) {
      return classifyFailure(error);
    }
    // From here to the commit, a kill sends it once more; both carry the same Message-ID.
    await queue.markSent(holder, message.id, now());
    observe?.("sent");
    connectionFailures = 0;
    loggedError = "";
    hasAnswered = true;
    return null;
  }

  /** Answers whether the mail server can be asked at all. */
  async function handle(
    message: ClaimedMessage,
    failure: NonNullable<Awaited<ReturnType<typeof sendOne>>>,
  ): Promise<boolean> {
    if (failure.outcome === "dead") {
      observe?.("dead");
      await queue.markDead(holder, message.id, failure.message);
      logger.warn({ notificationId: message.id, error: failure.message }, "mail server refused a notification");
      hasAnswered = true;
      return true;
    }
    observe?.("retry");
    if (failure.isConnection) connectionFailures++;
    const attempts = failure.isConnection ? Math.min(connectionFailures, mostConnectionFailures) : message.attempts + 1;
    const atMs = now() + retryDelayMs(attempts, random());
    await queue.retryLater(holder, [message.id], explain(failure.message, failure.isConnection), atMs, true);
    if (!failure.isConnection) return true;
    pausedUntilMs = Math.max(pausedUntilMs, atMs);
    if (loggedError !== failure.message) {
      loggedError = failure.message;
      logger.warn({ server: server.description, error: failure.message }, "mail server cannot be reached");
    }
    return false;
  }

  function explain(error: string, isConnection: boolean): string {
    if (!isConnection || hasAnswered) return error;
    return `no mail server configured (set MYCLOUD_SMTP_URL); none on this machine: ${error}`;
  }

  async function sendBatch(batch: readonly ClaimedMessage[], signal: AbortSignal): Promise<boolean> {
    const waiting = [...batch];
    const startedAtMs = now();
    let isReachable = true;
    let reason = "";
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        // A slow server: what has not begun by now goes back, before its claim runs out and another control plane sends it too.
        const isLate = now() - startedAtMs > claimMs / 3;
        if (!isReachable || isLate || signal.aborted) {
          waiting.unshift(next);
          return;
        }
        const failure = await sendOne(next);
        if (failure === null || (await handle(next, failure))) continue;
        isReachable = false;
        reason = explain(failure.message, true);
      }
    };
    // The first alone: when the server is away, one connection finds out, not four.
    const first = waiting.splice(1);
    await work();
    waiting.push(...first);
    await Promise.all(Array.from({ length: 4 }, work));
    if (waiting.length > 0) {
      const ids = waiting.map((message) => message.id);
      const atMs = isReachable ? now() : pausedUntilMs;
      await queue.retryLater(
        holder,
        ids,
        reason === "" ? "put back before it was tried: the mail server is slow, or the control plane stopped" : reason,
        atMs,
        false,
      );
    }
    return isReachable;
  }

  return {
    isMailConfigured: () => hasAnswered,
    async sendDue(signal) {
      await probe();
      const expired = await queue.expire(now());
      if (expired > 0) logger.warn({ count: expired }, "notifications given up after 48 h");
      let taken = 0;
      while (!signal.aborted && now() >= pausedUntilMs) {
        const batch = await queue.claim(["email"], holder, batchSize, claimMs, now());
        if (batch.length === 0) break;
        taken += batch.length;
        const isReachable = await sendBatch(batch, signal);
        changes.publish(
          "notifications",
          batch.map((message) => message.id),
        );
        if (!isReachable) break;
      }
      return taken;
    },
  };
}
