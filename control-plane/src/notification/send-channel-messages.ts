import { type ChannelType, type ContactChannel, channelAddress } from "@mycloud/protocol/contact";
import { sql } from "kysely";
import type { Logger } from "pino";
import type { ChangeBus } from "../change/index.ts";
import { openChannel, readContactSettings } from "../contact/contact-settings.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { chunksOf, idList } from "../monitored/id-list.ts";
import { loadRuntimeOverrides } from "../monitored/runtime-override.ts";
import type { Sealer } from "../sealing/index.ts";
import {
  type ChannelContact,
  ChannelError,
  type ChannelMessage,
  type ChannelSenders,
  sendBy,
} from "./channels/index.ts";
import { factsOf } from "./mail/render-mail.ts";
import type { ClaimedMessage, QueueStore } from "./queue-store.ts";
import { retryDelayMs } from "./retry-delay.ts";

export interface ChannelWorkerDependencies {
  readonly database: ConnectedDatabase;
  readonly queue: QueueStore;
  readonly senders: ChannelSenders;
  readonly sealer: Sealer;
  readonly changes: ChangeBus;
  readonly publicUrl: () => string;
  /** Unique for this process. */
  readonly holder: string;
  readonly logger: Logger;
  readonly now: () => number;
  readonly random: () => number;
  readonly observe?: (outcome: "sent" | "retry" | "dead") => void;
}

const channels: readonly ChannelType[] = ["webhook", "alertmanager", "ws-arbiter", "nsca", "command"];
const batchSize = 200;
const claimMs = 180_000;
/** What has not begun by then goes back, before the claim runs out and another control plane takes it too. */
const longestRoundMs = 60_000;
const parallelTargets = 8;

/** Messages to one contact by one channel. */
interface Target {
  readonly channel: Exclude<ContactChannel, { type: "email" }>;
  readonly messages: readonly (ClaimedMessage & { readonly message: ChannelMessage })[];
}

/**
 * Sends queued messages by every channel but mail: several targets at once, each target's messages in their order. A target that does not answer is left
 * alone for a while, and holds up no other. Run it every second; answers how many messages it took from the queue.
 */
export function createChannelWorker(dependencies: ChannelWorkerDependencies) {
  const { queue, changes, holder, now } = dependencies;
  const pauses = new Map<string, { readonly failures: number; readonly untilMs: number }>();

  return {
    /**
     * Tells Alertmanagers again of every problem that is still open: they keep alerts in memory only, and forget them when they restart. A failure is
     * left to the next time. Run it every few minutes under a lease.
     */
    async repeatAlerts(signal: AbortSignal): Promise<void> {
      let afterId = 0;
      while (!signal.aborted) {
        const page = await queue.findOpenAlerts(afterId, batchSize);
        afterId = page.at(-1)?.id ?? afterId;
        for (const { channel, messages } of await findTargets(dependencies, page)) {
          const bodies = messages.map(({ message }) => message);
          await sendBy(dependencies.senders, channel, bodies, signal).catch((err: unknown) => {
            dependencies.logger.debug({ err }, "open alerts could not be repeated");
          });
        }
        if (page.length < batchSize) return;
      }
    },

    async sendDue(signal: AbortSignal): Promise<number> {
      let taken = 0;
      while (!signal.aborted) {
        const claimed = await queue.claim(channels, holder, batchSize, claimMs, now());
        if (claimed.length === 0) break;
        taken += claimed.length;
        const waiting = await findTargets(dependencies, claimed);
        const startedAtMs = now();
        const work = async () => {
          for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
            const isLate = signal.aborted || now() - startedAtMs > longestRoundMs;
            await sendTo(dependencies, target, isLate, pauses, signal);
          }
        };
        await Promise.all(Array.from({ length: parallelTargets }, work));
        changes.publish(
          "notifications",
          claimed.map(({ id }) => id),
        );
      }
      return taken;
    },
  };
}

type Pauses = Map<string, { readonly failures: number; readonly untilMs: number }>;

async function sendTo(
  dependencies: ChannelWorkerDependencies,
  { channel, messages }: Target,
  isLate: boolean,
  pauses: Pauses,
  signal: AbortSignal,
): Promise<void> {
  const { queue, senders, holder, now, random, observe, logger } = dependencies;
  const key = `${channel.type} ${channelAddress(channel, null)}`;
  const waiting = chunksOf(messages, senders[channel.type].batchSize);
  const putBack = async (reason: string, atMs: number) => {
    const ids = waiting.flat().map(({ id }) => id);
    if (ids.length > 0) await queue.retryLater(holder, ids, reason, atMs, false);
  };
  const pause = pauses.get(key);
  if (isLate) return await putBack("put back before it was tried", now());
  if (pause !== undefined && pause.untilMs > now())
    return await putBack("others to the same address failed", pause.untilMs);
  for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) {
    try {
      const bodies = batch.map(({ message }) => message);
      await sendBy(senders, channel, bodies, signal);
      for (const { id } of batch) await queue.markSent(holder, id, now());
      for (const _ of batch) observe?.("sent");
      pauses.delete(key);
    } catch (error) {
      const failure = error instanceof ChannelError ? error : new ChannelError(String(error), "retry", false);
      for (const { id, attempts } of batch) {
        observe?.(failure.outcome);
        if (failure.outcome === "dead") await queue.markDead(holder, id, failure.message);
        else await queue.retryLater(holder, [id], failure.message, now() + retryDelayMs(attempts + 1, random()), true);
      }
      logger.warn({ channel: key, outcome: failure.outcome, error: failure.message }, "notification was not taken");
      if (!failure.isTarget) continue;
      const failures = (pauses.get(key)?.failures ?? 0) + 1;
      // Never longer than some minutes: what is sent to may be what tells of our trouble.
      const untilMs = now() + retryDelayMs(Math.min(failures, 5), random());
      pauses.set(key, { failures, untilMs });
      return await putBack(failure.message, untilMs);
    }
  }
}

/** Sorts messages by target, with the channels as their contacts have them now; what leads nowhere any more is dead. */
async function findTargets(
  dependencies: ChannelWorkerDependencies,
  claimed: readonly ClaimedMessage[],
): Promise<Target[]> {
  const { database, queue, sealer, holder, publicUrl } = dependencies;
  const ids = [...new Set(claimed.flatMap(({ contactId }) => contactId ?? []))];
  const rows = await database.db
    .selectFrom("contact")
    .select(["id", "name", "email", "settings_json"])
    .where(sql<boolean>`id in ${idList(database.dialect, ids)}`)
    .execute();
  const contacts = new Map(rows.map((row) => [row.id, { ...row, settings: readContactSettings(row.settings_json) }]));
  const overrides = await loadRuntimeOverrides(database.db);
  const targets = new Map<string, { channel: Target["channel"]; messages: Target["messages"][number][] }>();
  for (const one of claimed) {
    const contact = one.contactId === null ? undefined : contacts.get(one.contactId);
    const stored = contact?.settings.channels.find(
      (channel) => channel.type === one.channel && channelAddress(channel, null) === one.mail?.address,
    );
    if (one.mail === null || contact === undefined || stored === undefined || stored.type === "email") {
      const why = one.mail === null ? "the stored content cannot be read" : "the contact has no such channel any more";
      await queue.markDead(holder, one.id, why);
      continue;
    }
    const key = `${one.contactId} ${one.channel} ${one.mail.address}`;
    const opened = targets.get(key)?.channel ?? openOrNull(sealer, stored);
    if (opened === null) {
      await queue.retryLater(
        holder,
        [one.id],
        "a secret of the channel does not open",
        dependencies.now() + 600_000,
        true,
      );
      continue;
    }
    const { alias, pager } = contact.settings;
    const variables = { ...contact.settings.variables, ...overrides.contacts.get(contact.id)?.variables };
    const known: ChannelContact = { name: contact.name, email: contact.email, alias, pager, variables };
    const entry = { ...one, message: messageOf(one.id, one.mail, known, publicUrl()) };
    const target = targets.get(key);
    if (target === undefined) targets.set(key, { channel: opened, messages: [entry] });
    else target.messages.push(entry);
  }
  return [...targets.values()].map(({ channel, messages }) => ({
    channel,
    messages: messages.toSorted((a, b) => a.id - b.id),
  }));
}

function messageOf(
  id: number,
  mail: NonNullable<ClaimedMessage["mail"]>,
  contact: ChannelContact,
  publicUrl: string,
): ChannelMessage {
  const { messageId, subject, createdAtMs, content } = mail;
  return { id, messageId, subject, createdAtMs, content, facts: factsOf(content, publicUrl), contact };
}

function openOrNull(sealer: Sealer, stored: ContactChannel): Target["channel"] | null {
  try {
    const opened = openChannel(sealer, stored);
    return opened.type === "email" ? null : opened;
  } catch {
    return null;
  }
}
