import { NotificationRuleInput } from "@mycloud/protocol/notification";
import type { z } from "zod";

/** What a rule's row keeps as JSON: when, how often, to whom besides its contacts, and in what form it tells. */
export const RuleSettings = NotificationRuleInput.pick({
  contactGroups: true,
  onCall: true,
  period: true,
  minimumBusinessImpact: true,
  firstDelaySeconds: true,
  repeatIntervalSeconds: true,
  escalations: true,
  groupBy: true,
  groupWaitSeconds: true,
  digest: true,
});
export type RuleSettings = z.output<typeof RuleSettings>;

export function readRuleSettings(json: string): RuleSettings {
  return RuleSettings.parse(JSON.parse(json));
}

/** The settings among a rule's fields, as they are stored. Pure. */
export function ruleSettingsJson(input: NotificationRuleInput): string {
  return JSON.stringify(RuleSettings.parse(input));
}
