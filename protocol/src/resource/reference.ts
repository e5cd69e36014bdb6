import { z } from "zod";
import { ResourceName } from "../name/index.ts";
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

/** GET /api/v1/template-uses: of one host, check or passive service. */
export const TemplateUseQuery = z.object({
  kind: z.enum(["Host", "Check", "Service"]),
  id: z.coerce.number().int().min(1),
});
export type TemplateUseQuery = z.infer<typeof TemplateUseQuery>;

/** PUT of the same path: which templates it takes fields over from, none to stand alone. */
export const TemplateUseInput = z.object({
  kind: TemplateUseQuery.shape.kind,
  id: z.number().int().min(1),
  uses: z.array(ResourceName).max(20),
});
export type TemplateUseInput = z.infer<typeof TemplateUseInput>;

/** The templates it takes fields over from, in their order: of several that set a field the first counts. Empty where it uses none. */
export const TemplateUseAnswer = z.object({ data: z.array(z.object({ id: z.number().int(), name: z.string() })) });
export type TemplateUseAnswer = z.infer<typeof TemplateUseAnswer>;
