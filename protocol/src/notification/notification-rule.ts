import { z } from "zod";
import { baseFilter } from "../list/index.ts";
import { ResourceName } from "../name/index.ts";
import { ServiceSelector } from "../selector/index.ts";
import { TimeZone } from "../time-period/index.ts";
import { Escalation } from "./escalation.ts";
import { NotifiableState } from "./notifiable-state.ts";

const names = z.array(ResourceName).max(200).default([]);

/**
 * What makes problems one message: `host`, `check` (the service's name), `problem-root` (what the problem is an impact of), or `label:NAME` (a
 * label of the host). Messages that agree in all of them are one; with none, all of the rule's are.
 */
export const GroupKey = z
  .string()
  .max(80)
  .regex(/^(host|check|problem-root|label:[A-Za-z_][A-Za-z0-9_./-]{0,62})$/, {
    error: "is none of host, check, problem-root and label:NAME",
  });

/** Which contacts are told, of which hosts and services, in which states, when, how often and in what form. */
export const NotificationRuleInput = z.object({
  name: ResourceName,
  selector: ServiceSelector.default({}),
  states: z.array(NotifiableState).min(1).default(["CRITICAL", "UNKNOWN", "STALE", "DOWN", "RECOVERY", "FLAPPING"]),
  contactIds: z.array(z.number().int()).max(200).default([]),
  isEnabled: z.boolean().default(true),
  contactGroups: names,
  /** Names of on-call schedules: whoever's turn it is at the moment of the message. */
  onCall: names,
  /** The time period in which the rule tells; what is still bad when it begins is told then. Always when null. */
  period: ResourceName.nullable().default(null),
  minimumBusinessImpact: z.number().int().min(0).max(5).default(0),
  /** How long a problem must last before the first message. */
  firstDelaySeconds: z.number().int().min(0).max(2_592_000).default(0),
  /** How long after a message the next one comes while the problem lasts and nobody has acknowledged it; never again when null. */
  repeatIntervalSeconds: z.number().int().min(10).max(31_622_400).nullable().default(null),
  escalations: z.array(Escalation).max(50).default([]),
  groupBy: z.array(GroupKey).max(10).default([]),
  /** How long a message waits for others of its group; 0 sends each by itself. */
  groupWaitSeconds: z.number().int().min(0).max(86_400).default(0),
  /** Collects everything into one message whenever `cron` (five fields) fires in `timeZone`, instead of telling at once. */
  digest: z
    .strictObject({ cron: z.string().min(9).max(100), timeZone: TimeZone.default("UTC") })
    .nullable()
    .default(null),
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
