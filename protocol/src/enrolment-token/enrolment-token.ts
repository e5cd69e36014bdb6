import { z } from "zod";
import { baseFilter } from "../list/index.ts";
import { CustomerName, HostName, Labels } from "../name/index.ts";

/** A one-time token for `mycloud agent enrol`. */
export const EnrolmentTokenInput = z.object({
  /** When given, the token enrols this host and no other. */
  hostName: HostName.nullable().default(null),
  customer: CustomerName.nullable().default(null),
  labels: Labels.default({}),
  groups: z.array(z.string().min(1).max(128)).max(100).default([]),
  lifetimeSeconds: z
    .number()
    .int()
    .min(60)
    .max(30 * 86_400)
    .default(3600),
});
export type EnrolmentTokenInput = z.infer<typeof EnrolmentTokenInput>;

export const EnrolmentTokenPhase = z.enum(["waiting", "used", "expired", "revoked"]);
export type EnrolmentTokenPhase = z.infer<typeof EnrolmentTokenPhase>;

export const EnrolmentToken = z.object({
  id: z.number().int(),
  hostName: z.string().nullable(),
  customer: z.string().nullable(),
  labels: Labels,
  groups: z.array(z.string()),
  phase: EnrolmentTokenPhase,
  createdByName: z.string(),
  createdAtMs: z.number().int(),
  expiresAtMs: z.number().int(),
  usedAtMs: z.number().int().nullable(),
  usedByHostId: z.number().int().nullable(),
  usedByHostName: z.string().nullable(),
});
export type EnrolmentToken = z.infer<typeof EnrolmentToken>;

/** Answer to creating one: the token itself is shown this once; only its hash is kept. */
export const EnrolmentTokenCreated = EnrolmentToken.extend({
  token: z.string(),
  /** What to type on the host. */
  command: z.string(),
});
export type EnrolmentTokenCreated = z.infer<typeof EnrolmentTokenCreated>;

export const EnrolmentTokenFilter = z.strictObject({
  ...baseFilter,
  phase: z.union([EnrolmentTokenPhase, z.array(EnrolmentTokenPhase)]).optional(),
});
export type EnrolmentTokenFilter = z.infer<typeof EnrolmentTokenFilter>;
