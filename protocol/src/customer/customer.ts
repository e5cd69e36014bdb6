import { z } from "zod";
import { baseFilter } from "../list/index.ts";
import { CustomerName, EmailAddress } from "../name/index.ts";

/** What people call an organisation: any text of one line. */
export const CustomerTitle = z
  .string()
  .trim()
  .min(1, "title is empty")
  .max(128, "title is longer than 128 characters")
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, "title has a control character");

/** What an organisation's owner may change of it. */
export const OrganisationInput = z.object({
  title: CustomerTitle,
  contactEmail: EmailAddress.nullable(),
  /** Members cannot sign in without a second step; who has none yet is led to set it up. */
  isTotpRequired: z.boolean(),
});
export type OrganisationInput = z.infer<typeof OrganisationInput>;
export const OrganisationUpdate = OrganisationInput.partial();
export type OrganisationUpdate = z.infer<typeof OrganisationUpdate>;

export const CustomerInput = OrganisationInput.extend({
  /** As in `customer` of hosts and users; it does not change. */
  name: CustomerName,
  contactEmail: EmailAddress.nullable().default(null),
  isTotpRequired: z.boolean().default(false),
  /** How much its backups may take; null = as much as there is. */
  quotaBytes: z.number().int().min(0).nullable().default(null),
  /** Its people cannot sign in, and its tokens are refused; its hosts stay watched. */
  isSuspended: z.boolean().default(false),
});
export type CustomerInput = z.infer<typeof CustomerInput>;

/** What is left out stays; so nothing here has a default. The name is not among it. */
export const CustomerUpdate = OrganisationInput.extend({
  quotaBytes: z.number().int().min(0).nullable(),
  isSuspended: z.boolean(),
}).partial();
export type CustomerUpdate = z.infer<typeof CustomerUpdate>;

/** An organisation as those see it who run the installation. */
export const Customer = z.object({
  id: z.number().int(),
  name: z.string(),
  title: z.string(),
  contactEmail: z.string().nullable(),
  isTotpRequired: z.boolean(),
  quotaBytes: z.number().int().nullable(),
  isSuspended: z.boolean(),
  suspendedAtMs: z.number().int().nullable(),
  memberCount: z.number().int(),
  hostCount: z.number().int(),
  createdAtMs: z.number().int(),
  updatedAtMs: z.number().int(),
});
export type Customer = z.infer<typeof Customer>;

/** An organisation as its own members see it. */
export const Organisation = Customer.pick({
  name: true,
  title: true,
  contactEmail: true,
  isTotpRequired: true,
  quotaBytes: true,
  memberCount: true,
  hostCount: true,
  createdAtMs: true,
});
export type Organisation = z.infer<typeof Organisation>;

export const CustomerFilter = z.strictObject({
  ...baseFilter,
  name: z.string().optional(),
  isSuspended: z.boolean().optional(),
});
export type CustomerFilter = z.infer<typeof CustomerFilter>;
