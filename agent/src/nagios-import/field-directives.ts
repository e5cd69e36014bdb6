import type { TemplateInput } from "@mycloud/protocol/definition";

/** Kinds that take fields from templates. */
export type TemplatedKind = TemplateInput["for"];

const common = {
  notes: ["notes"],
  maxCheckAttempts: ["max_check_attempts"],
  businessImpact: ["business_impact"],
  checkPeriod: ["check_period"],
  isActiveCheckEnabled: ["active_checks_enabled"],
  isPassiveCheckEnabled: ["passive_checks_enabled"],
  isNotificationEnabled: ["notifications_enabled"],
  isEventHandlerEnabled: ["event_handler_enabled"],
  notesUrl: ["notes_url"],
  actionUrl: ["action_url"],
  iconImage: ["icon_image"],
  flapDetection: ["flap_detection_enabled", "low_flap_threshold", "high_flap_threshold"],
};
const freshness = { freshnessSeconds: ["check_freshness", "freshness_threshold"] };

/** By kind and field: the directives that say it. Custom variables and labels are named one by one, see `directiveOfKey`. */
export const fieldDirectives: Readonly<Record<TemplatedKind, Readonly<Record<string, readonly string[]>>>> = {
  Host: {
    ...common,
    ...freshness,
    displayName: ["display_name", "alias"],
    address: ["address"],
    groups: ["hostgroups"],
    parents: ["parents"],
  },
  Check: { ...common, checkIntervalSeconds: ["check_interval"], retryIntervalSeconds: ["retry_interval"] },
  Service: { ...common, ...freshness },
};

/** The directive behind a key of `variables` or `labels`. Pure. */
export function directiveOfKey(field: "variables" | "labels", key: string): string {
  return field === "variables" ? `_${key}` : /^(realm|poller_tag|reactionner_tag)$/.test(key) ? key : "labels";
}
