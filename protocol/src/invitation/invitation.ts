import { z } from "zod";
import { baseFilter } from "../list/index.ts";
import { CustomerName, EmailAddress } from "../name/index.ts";
import { Role } from "../user/index.ts";

export const InvitationInput = z.object({
  email: EmailAddress,
  /** In an organisation: admin owns it, operator is a member, viewer reads. */
  role: Role.default("operator"),
  /** Null: to those who run the installation; only they may say so. Somebody's own organisation is taken when they are bound to one. */
  customer: CustomerName.nullable().default(null),
});
export type InvitationInput = z.infer<typeof InvitationInput>;

export const InvitationPhase = z.enum(["waiting", "accepted", "expired", "revoked"]);
export type InvitationPhase = z.infer<typeof InvitationPhase>;

/** Who was asked to join. The link itself is in the mail only. */
export const Invitation = z.object({
  id: z.number().int(),
  email: z.string(),
  role: Role,
  customer: z.string().nullable(),
  phase: InvitationPhase,
  invitedByName: z.string(),
  createdAtMs: z.number().int(),
  expiresAtMs: z.number().int(),
  acceptedAtMs: z.number().int().nullable(),
});
export type Invitation = z.infer<typeof Invitation>;

export const InvitationFilter = z.strictObject({ ...baseFilter });
export type InvitationFilter = z.infer<typeof InvitationFilter>;
