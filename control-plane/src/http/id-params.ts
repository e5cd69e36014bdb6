import { z } from "zod";

/** `:id` of a row. */
export const IdParams = z.object({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });
