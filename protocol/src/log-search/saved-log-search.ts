import { z } from "zod";
import { baseFilter } from "../list/index.ts";

/** A search that somebody comes back to: `isShared` shows it to everybody of the same customer, or to all staff. */
export const SavedLogSearchInput = z.object({
  name: z.string().trim().min(1, "name is empty").max(128),
  query: z.string().trim().min(1, "query is empty").max(4096),
  isShared: z.boolean().default(false),
});
export type SavedLogSearchInput = z.infer<typeof SavedLogSearchInput>;

/** What GET /api/v1/log-searches answers. */
export const SavedLogSearch = SavedLogSearchInput.extend({
  id: z.number().int(),
  /** Whoever asks saved it themselves. */
  isOwn: z.boolean(),
  /** Who saved it; null when they are gone. */
  author: z.string().nullable(),
  createdAtMs: z.number().int(),
});
export type SavedLogSearch = z.infer<typeof SavedLogSearch>;

/** `filter` of GET /api/v1/log-searches. */
export const SavedLogSearchFilter = z.strictObject({ ...baseFilter, isShared: z.boolean().optional() });
export type SavedLogSearchFilter = z.infer<typeof SavedLogSearchFilter>;
