import { z } from "zod";
import { baseFilter } from "../list/index.ts";
import { CustomerName, EmailAddress } from "../name/index.ts";

/** viewer reads; operator also acts (acknowledge, downtime, definitions, enrolment); admin also manages users, tokens and audit. */
export const Role = z.enum(["viewer", "operator", "admin"]);
export type Role = z.infer<typeof Role>;

/** True when `role` may do what `needed` may. */
export function isRoleAtLeast(role: Role, needed: Role): boolean {
  return Role.options.indexOf(role) >= Role.options.indexOf(needed);
}

export const Password = z.string().min(12, "password is shorter than 12 characters").max(1024);

export const UserInput = z.object({
  email: EmailAddress,
  name: z.string().min(1).max(128),
  role: Role,
  /** Bound to a customer, a user sees that customer's hosts only. */
  customer: CustomerName.nullable().default(null),
  isDisabled: z.boolean().default(false),
});
export type UserInput = z.infer<typeof UserInput>;

export const UserCreate = UserInput.extend({ password: Password });
export type UserCreate = z.infer<typeof UserCreate>;
/** What is left out stays; so here nothing has a default, which a partial object would fill in: that took people out of their customer. */
export const UserUpdate = UserInput.extend({ customer: CustomerName.nullable(), isDisabled: z.boolean() })
  .partial()
  .extend({ password: Password.optional() });
export type UserUpdate = z.infer<typeof UserUpdate>;

export const User = UserInput.extend({
  id: z.number().int(),
  lastLoginAtMs: z.number().int().nullable(),
  createdAtMs: z.number().int(),
  updatedAtMs: z.number().int(),
});
export type User = z.infer<typeof User>;

export const UserFilter = z.strictObject({
  ...baseFilter,
  email: z.string().optional(),
  role: Role.optional(),
  isDisabled: z.boolean().optional(),
});
export type UserFilter = z.infer<typeof UserFilter>;
