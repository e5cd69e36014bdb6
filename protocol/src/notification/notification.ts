import { z } from "zod";
import { baseFilter } from "../list/index.ts";

/** Why a HARD non-OK state told nobody. Exactly one applies: the first that decides, in this order. */
export const SuppressionReason = z.enum([
  "in-downtime",
  "host-down",
  "flapping",
  "acknowledged",
  "no-rule-matches",
  "state-not-in-any-rule",
  "no-enabled-contact",
  "already-notified",
]);
export type SuppressionReason = z.infer<typeof SuppressionReason>;

/** Why the message was sent (Nagios' NOTIFICATIONTYPE). */
export const NotificationType = z.enum([
  "PROBLEM",
  "RECOVERY",
  "ACKNOWLEDGEMENT",
  "FLAPPINGSTART",
  "FLAPPINGSTOP",
  "DOWNTIMESTART",
  "DOWNTIMEEND",
]);
export type NotificationType = z.infer<typeof NotificationType>;

/** `queued` waits or is being retried, `sent` was taken by the mail server, `dead` was refused for good or gave up. */
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
  channel: z.literal("email"),
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
  phase: z.union([NotificationPhase, z.array(NotificationPhase)]).optional(),
  type: NotificationType.optional(),
});
export type NotificationFilter = z.infer<typeof NotificationFilter>;
