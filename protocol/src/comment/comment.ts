import { z } from "zod";
import { baseFilter } from "../list/index.ts";

/** A remark on a host (no serviceId) or a service. */
export const CommentInput = z.object({
  hostId: z.number().int(),
  serviceId: z.number().int().nullable().default(null),
  text: z.string().min(1, "text is empty").max(10_000),
});
export type CommentInput = z.infer<typeof CommentInput>;

export const Comment = CommentInput.extend({
  id: z.number().int(),
  authorName: z.string(),
  createdAtMs: z.number().int(),
});
export type Comment = z.infer<typeof Comment>;

export const CommentFilter = z.strictObject({
  ...baseFilter,
  hostId: z.number().int().optional(),
  serviceId: z.number().int().nullable().optional(),
});
export type CommentFilter = z.infer<typeof CommentFilter>;
