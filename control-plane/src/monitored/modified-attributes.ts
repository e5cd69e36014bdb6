import type { RuntimeOverride } from "@mycloud/protocol/monitored";
import type { ContactOverride } from "./runtime-override.ts";

interface Attribute<Override> {
  /** Nagios' number (include/common.h: MODATTR_*). */
  readonly bit: number;
  /** Livestatus' word for it. */
  readonly name: string;
  readonly setting: keyof Override;
}

/** Nagios' words for what operators change on hosts and services. */
export const modifiedAttributes: readonly Attribute<RuntimeOverride>[] = [
  { bit: 1, name: "notifications_enabled", setting: "isNotificationEnabled" },
  { bit: 2, name: "active_checks_enabled", setting: "isActiveCheckEnabled" },
  { bit: 4, name: "passive_checks_enabled", setting: "isPassiveCheckEnabled" },
  { bit: 8, name: "event_handler_enabled", setting: "isEventHandlerEnabled" },
  { bit: 16, name: "flap_detection_enabled", setting: "isFlapDetectionEnabled" },
  { bit: 1024, name: "normal_check_interval", setting: "checkIntervalSeconds" },
  { bit: 2048, name: "retry_check_interval", setting: "retryIntervalSeconds" },
  { bit: 4096, name: "max_check_attempts", setting: "maxCheckAttempts" },
  { bit: 16_384, name: "check_timeperiod", setting: "checkPeriod" },
  { bit: 32_768, name: "custom_variable", setting: "variables" },
];

/** The same of contacts, for their three numbers: of the contact, of what it is told of hosts, of what it is told of services. */
export const modifiedContactAttributes: Readonly<
  Record<"contact" | "host" | "service", readonly Attribute<ContactOverride>[]>
> = {
  contact: [{ bit: 32_768, name: "custom_variable", setting: "variables" }],
  host: [
    { bit: 1, name: "notifications_enabled", setting: "isHostNotificationEnabled" },
    { bit: 65_536, name: "notification_timeperiod", setting: "hostPeriod" },
  ],
  service: [
    { bit: 1, name: "notifications_enabled", setting: "isServiceNotificationEnabled" },
    { bit: 65_536, name: "notification_timeperiod", setting: "servicePeriod" },
  ],
};

/** What of an override Nagios would call modified. Pure. */
export function modifiedIn<Override extends object>(
  attributes: readonly Attribute<Override>[],
  override: Override | undefined,
): Attribute<Override>[] {
  return override === undefined ? [] : attributes.filter(({ setting }) => override[setting] !== undefined);
}
