import { z } from "zod";
import { MessageContent } from "./message-content.ts";

/** One object in a message about many: the last thing that happened to it. */
export const BundleEntry = z.object({
  hostId: z.number(),
  hostName: z.string(),
  serviceId: z.number().nullable(),
  serviceName: z.string().nullable(),
  type: z.string(),
  state: z.string(),
  output: z.string(),
  atMs: z.number(),
  /** It was a problem and is over, both since the last such message. */
  isOver: z.boolean(),
});
export type BundleEntry = z.infer<typeof BundleEntry>;

/** What one message in the place of many is rendered from. Instants are ms UTC. */
export const BundleContent = z.object({
  type: z.enum(["GROUP", "DIGEST", "STORM"]),
  contactName: z.string(),
  ruleName: z.string().nullable(),
  /** What its messages have in common: `host web1`. */
  label: z.string(),
  /** How many messages it stands for, about how many objects. */
  messageCount: z.number(),
  objectCount: z.number(),
  /** How many objects are in which state now. */
  counts: z.array(z.object({ state: z.string(), count: z.number() })),
  /** The worst ones, as many as a message carries. */
  entries: z.array(BundleEntry),
  fromMs: z.number(),
  untilMs: z.number(),
});
export type BundleContent = z.infer<typeof BundleContent>;

/** The content of anything on the queue. */
export const QueuedContent = z.union([BundleContent, MessageContent]);
export type QueuedContent = z.infer<typeof QueuedContent>;

/** Whether a queued content stands for many messages. Pure. */
export function isBundle(content: QueuedContent): content is BundleContent {
  return content.type === "GROUP" || content.type === "DIGEST" || content.type === "STORM";
}
