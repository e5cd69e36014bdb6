import { createHash } from "node:crypto";
import { type ContactChannel, channelAddress } from "@mycloud/protocol/contact";
import type { ComposedMessage } from "./compose-message.ts";
import type { KnownRule } from "./known-rule.ts";
import { nextDigestMs } from "./next-digest.ts";
import { type StormCounts, stormWindowMs } from "./storm.ts";

/** What a message becomes a part of instead of being sent by itself. */
export interface BundlePlan {
  readonly kind: "GROUP" | "DIGEST" | "STORM";
  /** The same for all messages that belong together. */
  readonly key: string;
  /** What they have in common, in words; empty when nothing but their rule. */
  readonly label: string;
  readonly ruleName: string | null;
  readonly dueAtMs: number;
}

/** One message by one channel, alone or in a bundle. */
export interface Delivery {
  readonly channel: ContactChannel["type"];
  readonly address: string;
  readonly bundle: BundlePlan | null;
}

/** What became of a message: `now` by at least one channel, or the form it waits in. */
export type Disposition = "now" | "grouped" | "digest" | "storm";

export interface DeliveryPlan {
  readonly deliveries: readonly Delivery[];
  readonly disposition: Disposition;
}

/** Channels to other monitoring systems: they group, limit and repeat by themselves, and want every state. */
const machineChannels: ReadonlySet<string> = new Set(["alertmanager", "ws-arbiter", "nsca"]);

/**
 * Decides in which form a message reaches its contact: by each of the contact's channels at once, or as a part of its rule's digest or group, or of the
 * summary of a storm. `storm` is counted up. Pure but for that.
 */
export function planDelivery(message: ComposedMessage, storm: StormCounts, nowMs: number): DeliveryPlan {
  const { contact, rule } = message.recipient;
  const channels = contact.channels.filter(({ type }) => type !== "email" || contact.email !== "");
  const isForPeople = channels.some(({ type }) => !machineChannels.has(type));
  const bundle = isForPeople ? bundleOf(message, rule, storm, nowMs) : null;
  const deliveries = channels.map((channel) => {
    const address = channelAddress(channel, contact.email);
    const own = bundle === null || machineChannels.has(channel.type) ? null : bundle;
    const key = own === null ? "" : digestOf([own.key, contact.id, channel.type, address]);
    return { channel: channel.type, address, bundle: own === null ? null : { ...own, key } };
  });
  return { deliveries, disposition: dispositionOf(deliveries) };
}

function bundleOf(
  message: ComposedMessage,
  rule: KnownRule | null,
  storm: StormCounts,
  nowMs: number,
): BundlePlan | null {
  const { contact, ruleName } = message.recipient;
  const digestAtMs = rule?.digest == null ? null : nextDigestMs(rule.digest, nowMs);
  if (digestAtMs !== null) {
    return { kind: "DIGEST", key: digestOf(["DIGEST", ruleName]), label: "", ruleName, dueAtMs: digestAtMs };
  }
  if (rule !== null && rule.groupWaitSeconds > 0) {
    const values = rule.groupBy.map((name) => [name, groupValue(name, message)] as const);
    const label = values.map(([name, value]) => `${name.replace(/^label:/, "")} ${value}`).join(", ");
    const dueAtMs = nowMs + rule.groupWaitSeconds * 1000;
    return { kind: "GROUP", key: digestOf(["GROUP", ruleName, values]), label, ruleName, dueAtMs };
  }
  const sent = storm.sent.get(contact.id) ?? 0;
  if (storm.inStorm.has(contact.id) || sent >= contact.stormLimitPerMinute) {
    return { kind: "STORM", key: digestOf(["STORM"]), label: "", ruleName: null, dueAtMs: nowMs + stormWindowMs };
  }
  storm.sent.set(contact.id, sent + 1);
  return null;
}

/** What a message has in a field that its rule groups by. */
function groupValue(name: string, { announcement }: ComposedMessage): string {
  const { host, serviceName, rootName } = announcement;
  if (name === "host") return host.name;
  if (name === "check") return serviceName ?? "host";
  if (name === "problem-root") return rootName;
  return host.labels[name.replace(/^label:/, "")] ?? "";
}

function dispositionOf(deliveries: readonly Delivery[]): Disposition {
  const kinds = new Set(deliveries.map(({ bundle }) => bundle?.kind));
  if (kinds.has(undefined)) return "now";
  if (kinds.has("GROUP")) return "grouped";
  return kinds.has("DIGEST") ? "digest" : "storm";
}

function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
