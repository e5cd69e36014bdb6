import { z } from "zod";
import { resourceKinds } from "./resource.ts";

/** Query of GET /api/v1/references: which definitions name this one? */
export const ReferenceQuery = z.object({ kind: z.enum(resourceKinds), name: z.string().min(1).max(255) });
export type ReferenceQuery = z.infer<typeof ReferenceQuery>;

/** A definition that names another one. */
export const UsedBy = z.object({
  kind: z.enum(resourceKinds),
  id: z.number().int(),
  /** `host/service` for a passive service. */
  name: z.string(),
  /** Where it names it: `exclude`, `escalations.0.period`. */
  field: z.string(),
});
export type UsedBy = z.infer<typeof UsedBy>;

export const ReferenceAnswer = z.object({ data: z.array(UsedBy) });
export type ReferenceAnswer = z.infer<typeof ReferenceAnswer>;
