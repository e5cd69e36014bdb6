import { NotificationType } from "@mycloud/protocol/notification";
import { z } from "zod";

/** The types of messages about one host or service, as opposed to one in the place of many. */
export const SingleType = NotificationType.exclude(["GROUP", "DIGEST", "STORM"]);
export type SingleType = z.infer<typeof SingleType>;

/**
 * What a message is rendered from, complete: stored with the queued notification, so that a retry an hour later says the same. Instants are
 * ms UTC.
 */
export const MessageContent = z.object({
  type: z.union([SingleType, z.literal("TEST")]),
  hostId: z.number(),
  hostName: z.string(),
  hostDisplayName: z.string().nullable(),
  hostAddress: z.string().nullable(),
  serviceId: z.number().nullable(),
  serviceName: z.string().nullable(),
  fromState: z.string(),
  toState: z.string(),
  attempt: z.number(),
  maxCheckAttempts: z.number(),
  output: z.string(),
  longOutput: z.string(),
  perfdata: z.string(),
  atMs: z.number(),
  problemStartedAtMs: z.number().nullable(),
  lastOkAtMs: z.number().nullable(),
  lastOkOutput: z.string().nullable(),
  contactName: z.string(),
  ruleName: z.string().nullable(),
  // What follows with a default is absent from what an older version queued.
  via: z.string().nullable().default(null),
  number: z.number().default(1),
  problemId: z.number().nullable().default(null),
  businessImpact: z.number().default(2),
  hostLabels: z.record(z.string(), z.string()).default({}),
  hostGroups: z.array(z.string()).default([]),
  /** Why now and not earlier, or who acknowledged with which words; a sentence. */
  remark: z.string().nullable(),
  /** Message-IDs of the thread so far, the first one first; empty for the first message. */
  references: z.array(z.string()),
});
export type MessageContent = z.infer<typeof MessageContent>;

const longestOutput = 1_000;
const longestLongOutput = 6_000;
const longestPerfdata = 4_000;

/** Cuts what a plugin printed to what a message carries; the rest is in the console. Pure. */
export function boundOutput<T extends { output: string; longOutput: string; perfdata: string }>(content: T): T {
  return {
    ...content,
    output: cut(content.output, longestOutput),
    longOutput: cut(content.longOutput, longestLongOutput),
    // Cut without a mark, at an item's border, so that what is left still parses.
    perfdata:
      content.perfdata.length > longestPerfdata
        ? content.perfdata.slice(0, longestPerfdata).replace(/\s\S*$/, "")
        : content.perfdata,
  };
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest).toWellFormed()} … (cut; all of it is in the console)` : text;
}
