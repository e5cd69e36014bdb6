import { z } from "zod";
import { baseFilter } from "../list/index.ts";

/** Who changed what: one entry for every mutation, with the resource before and after (secrets left out). */
export const AuditEntry = z.object({
  id: z.number().int(),
  atMs: z.number().int(),
  actorKind: z.enum(["user", "token", "agent", "system"]),
  actorId: z.string().nullable(),
  actorName: z.string(),
  /** `host.create`, `session.login`, `downtime.cancel`, ... */
  action: z.string(),
  resourceKind: z.string(),
  resourceId: z.string().nullable(),
  resourceName: z.string().nullable(),
  before: z.unknown(),
  after: z.unknown(),
  address: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const AuditEntryFilter = z.strictObject({
  ...baseFilter,
  action: z.string().optional(),
  actorName: z.string().optional(),
  resourceKind: z.string().optional(),
  resourceId: z.string().optional(),
  fromMs: z.number().int().optional(),
  untilMs: z.number().int().optional(),
});
export type AuditEntryFilter = z.infer<typeof AuditEntryFilter>;
