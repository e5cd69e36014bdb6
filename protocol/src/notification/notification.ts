import { z } from "zod";
import { ChannelType } from "../contact/index.ts";
import { baseFilter } from "../list/index.ts";

/**
 * Why a HARD non-OK state told nobody. Exactly one applies: the first that decides, in this order. The first ones hold for the object, then for every
 * rule, then for every contact; `grouped`, `digest` and `storm` are about messages that were decided on: the first two turn into "notified" when the
 * message with all of them is handed over, and whoever is in a storm reads only how many they were.
 */
export const SuppressionReason = z.enum([
  "notifications-disabled",
  "in-downtime",
  "host-down",
  "unreachable",
  "dependency-failed",
  "flapping",
  "acknowledged",
  "no-rule-matches",
  "state-not-in-any-rule",
  "below-business-impact",
  "outside-period",
  "first-delay",
  "no-enabled-contact",
  "contact-below-business-impact",
  "contact-state",
  "contact-period",
  "already-notified",
  "grouped",
  "digest",
  "storm",
]);
export type SuppressionReason = z.infer<typeof SuppressionReason>;

/** Why the message was sent (Nagios' NOTIFICATIONTYPE). GROUP, DIGEST and STORM are one message in the place of many. */
export const NotificationType = z.enum([
  "PROBLEM",
  "RECOVERY",
  "ACKNOWLEDGEMENT",
  "FLAPPINGSTART",
  "FLAPPINGSTOP",
  "DOWNTIMESTART",
  "DOWNTIMEEND",
  "DOWNTIMECANCELLED",
  "CUSTOM",
  "GROUP",
  "DIGEST",
  "STORM",
]);
export type NotificationType = z.infer<typeof NotificationType>;

/** `queued` waits or is being retried, `sent` was taken by the receiving side, `dead` was refused for good or gave up. */
export const NotificationPhase = z.enum(["queued", "sent", "dead"]);
export type NotificationPhase = z.infer<typeof NotificationPhase>;

/** One message to one contact. */
export const Notification = z.object({
  id: z.number().int(),
  type: NotificationType,
  problemId: z.number().int().nullable(),
  stateChangeId: z.number().int().nullable(),
  hostId: z.number().int(),
  hostName: z.string(),
  serviceId: z.number().int().nullable(),
  serviceName: z.string().nullable(),
  state: z.string(),
  contactId: z.number().int().nullable(),
  contactName: z.string(),
  ruleName: z.string().nullable(),
  /** Why this contact, where it is not the rule's own: `escalation 2, on call nights`. */
  via: z.string().nullable(),
  /** Which message of its rule about the problem it is, from 1 (Nagios: NOTIFICATIONNUMBER). */
  number: z.number().int(),
  /** The id of the group, digest or storm this message became a part of, or is the message of; null for one by itself. */
  bundleId: z.number().int().nullable(),
  channel: ChannelType,
  address: z.string(),
  subject: z.string(),
  phase: NotificationPhase,
  attempts: z.number().int(),
  lastError: z.string().nullable(),
  createdAtMs: z.number().int(),
  nextAttemptAtMs: z.number().int().nullable(),
  sentAtMs: z.number().int().nullable(),
});
export type Notification = z.infer<typeof Notification>;

export const NotificationFilter = z.strictObject({
  ...baseFilter,
  hostId: z.number().int().optional(),
  serviceId: z.number().int().optional(),
  problemId: z.number().int().optional(),
  contactId: z.number().int().optional(),
  bundleId: z.number().int().optional(),
  phase: z.union([NotificationPhase, z.array(NotificationPhase)]).optional(),
  type: NotificationType.optional(),
});
export type NotificationFilter = z.infer<typeof NotificationFilter>;
