import { z } from "zod";
import { baseFilter } from "../list/index.ts";
import { CustomerName, EmailAddress, ResourceName } from "../name/index.ts";

/** Somebody who can be told: a person or a mailbox, optionally a console user. */
export const ContactInput = z.object({
  name: ResourceName,
  email: EmailAddress,
  userId: z.number().int().nullable().default(null),
  customer: CustomerName.nullable().default(null),
  isEnabled: z.boolean().default(true),
});
export type ContactInput = z.infer<typeof ContactInput>;

export const Contact = ContactInput.extend({
  id: z.number().int(),
  createdAtMs: z.number().int(),
  updatedAtMs: z.number().int(),
});
export type Contact = z.infer<typeof Contact>;

export const ContactFilter = z.strictObject({
  ...baseFilter,
  name: z.string().optional(),
  email: z.string().optional(),
  isEnabled: z.boolean().optional(),
});
export type ContactFilter = z.infer<typeof ContactFilter>;
