import { z } from "zod";
import { ResourceName } from "../name/index.ts";

/**
 * Custom variables (Nagios: `_NAME value`), which macros read as `$_HOSTNAME$` or `$_SERVICENAME$`. Names are kept in upper case, as in Nagios,
 * where case does not matter. At most 200.
 */
export const Variables = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z0-9_]{1,63}$/, "variable name is not 1 to 63 letters, digits or _")
      .transform((name) => name.toUpperCase()),
    z.string().max(4096),
  )
  .refine((variables) => Object.keys(variables).length <= 200, "more than 200 variables");
export type Variables = z.infer<typeof Variables>;

/** A link a page may show: http(s) or a path; macros are replaced. */
const Link = z
  .string()
  .max(2048)
  .regex(/^(https?:\/\/|\/)/, "is neither an http(s) address nor a path that starts with /");

/**
 * How a host or service is watched, beyond its state machine; the same fields on hosts, checks (for their services) and passive services.
 * Their names in Nagios: business_impact (Shinken), check_period, active_checks_enabled, passive_checks_enabled, notifications_enabled,
 * event_handler_enabled, notes_url, action_url, icon_image.
 */
export const monitoredSettings = {
  /** 0 (nobody would mind) to 5 (the business stops); Shinken's default is 2. */
  businessImpact: z.number().int().min(0).max(5).default(2),
  /** The time period in which checks run; always when null. */
  checkPeriod: ResourceName.nullable().default(null),
  isActiveCheckEnabled: z.boolean().default(true),
  isPassiveCheckEnabled: z.boolean().default(true),
  isNotificationEnabled: z.boolean().default(true),
  isEventHandlerEnabled: z.boolean().default(true),
  variables: Variables.default({}),
  notesUrl: Link.nullable().default(null),
  actionUrl: Link.nullable().default(null),
  iconImage: z.string().max(255).nullable().default(null),
};
export const MonitoredSettings = z.object(monitoredSettings);
export type MonitoredSettings = z.infer<typeof MonitoredSettings>;

/** Settings of something nobody set anything on. */
export const defaultSettings: MonitoredSettings = MonitoredSettings.parse({});
