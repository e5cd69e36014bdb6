import { z } from "zod";
import { baseFilter } from "../list/index.ts";

/** A remark on a host (no serviceId) or a service. */
export const CommentInput = z.object({
  hostId: z.number().int(),
  serviceId: z.number().int().nullable().default(null),
  text: z.string().min(1, "text is empty").max(10_000),
  /** Nagios' word; one that is not is meant for the moment, and shown as such. */
  isPersistent: z.boolean().default(true),
  /** Deleted at this time; kept when null. */
  expiresAtMs: z.number().int().nullable().default(null),
});
export type CommentInput = z.infer<typeof CommentInput>;
/** What a client may send: defaults left out. */
export type CommentRequest = z.input<typeof CommentInput>;

/** What it came from (Nagios: entry_type): somebody's own, or left by an acknowledgement. */
export const CommentKind = z.enum(["user", "acknowledgement"]);
export type CommentKind = z.infer<typeof CommentKind>;

export const Comment = CommentInput.extend({
  kind: CommentKind,
  id: z.number().int(),
  authorName: z.string(),
  createdAtMs: z.number().int(),
});
export type Comment = z.infer<typeof Comment>;

export const CommentFilter = z.strictObject({
  ...baseFilter,
  hostId: z.number().int().optional(),
  serviceId: z.number().int().nullable().optional(),
  kind: CommentKind.optional(),
});
export type CommentFilter = z.infer<typeof CommentFilter>;
