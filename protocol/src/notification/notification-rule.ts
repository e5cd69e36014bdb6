import { z } from "zod";
import { baseFilter } from "../list/index.ts";
import { ResourceName } from "../name/index.ts";
import { ServiceSelector } from "../selector/index.ts";

/** The states a rule tells of. RECOVERY goes to whoever was told of the problem. */
export const NotifiableState = z.enum(["WARNING", "CRITICAL", "UNKNOWN", "STALE", "DOWN", "UNREACHABLE", "RECOVERY"]);
export type NotifiableState = z.infer<typeof NotifiableState>;

/** Which contacts are told, of which hosts and services, in which states. */
export const NotificationRuleInput = z.object({
  name: ResourceName,
  selector: ServiceSelector.default({}),
  states: z.array(NotifiableState).min(1).default(["CRITICAL", "UNKNOWN", "STALE", "DOWN", "RECOVERY"]),
  contactIds: z.array(z.number().int()).max(200).default([]),
  isEnabled: z.boolean().default(true),
});
export type NotificationRuleInput = z.infer<typeof NotificationRuleInput>;

export const NotificationRule = NotificationRuleInput.extend({
  id: z.number().int(),
  contactNames: z.array(z.string()),
  createdAtMs: z.number().int(),
  updatedAtMs: z.number().int(),
});
export type NotificationRule = z.infer<typeof NotificationRule>;

export const NotificationRuleFilter = z.strictObject({
  ...baseFilter,
  name: z.string().optional(),
  isEnabled: z.boolean().optional(),
});
export type NotificationRuleFilter = z.infer<typeof NotificationRuleFilter>;
