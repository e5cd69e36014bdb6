import { z } from "zod";
import { baseFilter } from "../list/index.ts";
import { Variables } from "../monitored/index.ts";
import { CustomerName, EmailAddress, ResourceName } from "../name/index.ts";
import { NotifiableState } from "../notification/notifiable-state.ts";
import { ContactChannel } from "./channel.ts";

/** Somebody who can be told: a person or a mailbox, optionally a console user. Which groups it is in says each ContactGroup. */
export const ContactInput = z.object({
  name: ResourceName,
  /** What people call them, for messages and viewers (Nagios: alias, $CONTACTALIAS$); empty where the name will do. */
  alias: z.string().max(255).default(""),
  /** Null for a contact without a mailbox, who is reached by other channels only. */
  email: EmailAddress.nullable().default(null),
  userId: z.number().int().nullable().default(null),
  customer: CustomerName.nullable().default(null),
  isEnabled: z.boolean().default(true),
  /** The time period in which the contact wants to be told (Nagios: host_ and service_notification_period); always when null. */
  period: ResourceName.nullable().default(null),
  /** Of what rules tell, the contact wants to hear these only (Nagios: host_ and service_notification_options); of everything when null. */
  states: z.array(NotifiableState).max(20).nullable().default(null),
  /** Is told of what has at least this business impact (Shinken: min_business_impact). */
  minimumBusinessImpact: z.number().int().min(0).max(5).default(0),
  /** Number or address of a pager, for commands ($CONTACTPAGER$). */
  pager: z.string().max(255).default(""),
  variables: Variables.default({}),
  /** Each message goes out by every channel of the contact. */
  channels: z
    .array(ContactChannel)
    .max(20)
    .default(() => [{ type: "email" as const }]),
  /** More messages than this in a minute become one that says how many they were. */
  stormLimitPerMinute: z.number().int().min(1).max(10_000).default(30),
});
export type ContactInput = z.infer<typeof ContactInput>;

export const Contact = ContactInput.extend({
  id: z.number().int(),
  /** Names of the contact groups that name this contact. */
  groups: z.array(z.string()),
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
