import { z } from "zod";
import { baseFilter } from "../list/index.ts";

/**
 * Acknowledge problems (one or many): "somebody is on it". No further notification until recovery; when not sticky, a change
 * to another non-OK state ends it (Nagios: sticky 2 and 1); with `isUntilWorse` a change to a worse state than the one acknowledged (WARNING, then
 * UNKNOWN, then CRITICAL); at `expiresAtMs` it ends by itself, and who acknowledged is told.
 */
export const AcknowledgementInput = z
  .object({
    serviceIds: z.array(z.number().int()).max(1000).default([]),
    hostIds: z.array(z.number().int()).max(1000).default([]),
    comment: z.string().min(1, "comment is empty; say what is being done").max(2000),
    isSticky: z.boolean().default(true),
    isUntilWorse: z.boolean().default(false),
    expiresAtMs: z.number().int().nullable().default(null),
    isNotified: z.boolean().default(true),
    /** Keeps the comment on the host or service when the acknowledgement has ended. */
    isPersistent: z.boolean().default(false),
  })
  .refine((input) => input.serviceIds.length + input.hostIds.length > 0, {
    path: ["serviceIds"],
    message: "no host and no service given",
  });
export type AcknowledgementInput = z.infer<typeof AcknowledgementInput>;
/** What a client may send: defaults left out. */
export type AcknowledgementRequest = z.input<typeof AcknowledgementInput>;

export const Acknowledgement = z.object({
  id: z.number().int(),
  hostId: z.number().int(),
  hostName: z.string(),
  serviceId: z.number().int().nullable(),
  serviceName: z.string().nullable(),
  problemId: z.number().int().nullable(),
  authorName: z.string(),
  comment: z.string(),
  isSticky: z.boolean(),
  isUntilWorse: z.boolean(),
  expiresAtMs: z.number().int().nullable(),
  createdAtMs: z.number().int(),
  endedAtMs: z.number().int().nullable(),
  endReason: z.enum(["recovered", "state-changed", "worse", "expired", "removed"]).nullable(),
});
export type Acknowledgement = z.infer<typeof Acknowledgement>;

/** Answer of a bulk verb: what was done, and what was not with the reason. */
export const BulkAnswer = z.object({
  done: z.array(z.object({ hostId: z.number().int().nullable(), serviceId: z.number().int().nullable() })),
  refused: z.array(
    z.object({ hostId: z.number().int().nullable(), serviceId: z.number().int().nullable(), message: z.string() }),
  ),
});
export type BulkAnswer = z.infer<typeof BulkAnswer>;

export const AcknowledgementFilter = z.strictObject({
  ...baseFilter,
  hostId: z.number().int().optional(),
  serviceId: z.number().int().optional(),
  isOpen: z.boolean().optional(),
});
export type AcknowledgementFilter = z.infer<typeof AcknowledgementFilter>;
