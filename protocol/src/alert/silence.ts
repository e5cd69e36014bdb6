import { z } from "zod";

/** One condition on a label; a label that is absent counts as empty. Regular expressions match the whole value. */
export const AlertMatcher = z.object({
  name: z.string().min(1).max(255),
  value: z.string().max(4096),
  isRegex: z.boolean(),
  isEqual: z.boolean().nullish(),
});
export type AlertMatcher = z.infer<typeof AlertMatcher>;

/** A silence as it is posted; with `id` it replaces that one. */
export const PostableSilence = z.object({
  id: z.string().nullish(),
  matchers: z.array(AlertMatcher).min(1).max(64),
  startsAt: z.string(),
  endsAt: z.string(),
  createdBy: z.string().max(255),
  comment: z.string().max(2000),
});
export type PostableSilence = z.infer<typeof PostableSilence>;

export const SilenceState = z.enum(["pending", "active", "expired"]);
export type SilenceState = z.infer<typeof SilenceState>;

export const GettableSilence = z.object({
  id: z.string(),
  status: z.object({ state: SilenceState }),
  updatedAt: z.string(),
  matchers: z.array(z.object({ name: z.string(), value: z.string(), isRegex: z.boolean(), isEqual: z.boolean() })),
  startsAt: z.string(),
  endsAt: z.string(),
  createdBy: z.string(),
  comment: z.string(),
  annotations: z.record(z.string(), z.string()),
});
export type GettableSilence = z.infer<typeof GettableSilence>;
