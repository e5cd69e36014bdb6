import {
  customVariablesOf,
  flagOf,
  listOf,
  type NagiosObject,
  numberOf,
  placeOf,
  textOf,
} from "@mycloud/checks/nagios-objects";
import type { ImportContext } from "./context.ts";

const linkForm = /^(https?:\/\/|\/)/;

/** Settings hosts, checks and passive services have in common, under our names. */
export function settingsOf(object: NagiosObject, kind: "host" | "service", label: string, context: ImportContext) {
  const { remarks, settings, resourceNames } = context;
  const period = textOf(object, "check_period");
  const link = (name: string): string | null => {
    const text = textOf(object, name);
    if (text === undefined) return null;
    if (linkForm.test(text) && text.length <= 2048) return text;
    remarks.add(placeOf(object, name), `${label}: ${name} ${text}`, "is neither an http(s) address nor a path from /");
    return null;
  };
  const isOn = (setting: string) => settings.get(setting)?.value !== "0";
  const low =
    numberOf(object, "low_flap_threshold", 0) || Number(settings.get(`low_${kind}_flap_threshold`)?.value ?? 20);
  const high =
    numberOf(object, "high_flap_threshold", 0) || Number(settings.get(`high_${kind}_flap_threshold`)?.value ?? 30);
  return {
    businessImpact: clamp(Math.round(numberOf(object, "business_impact", 2)), 0, 5),
    checkPeriod: period === undefined ? null : resourceNames(period, placeOf(object, "check_period")),
    isActiveCheckEnabled: flagOf(object, "active_checks_enabled", true),
    isPassiveCheckEnabled: flagOf(object, "passive_checks_enabled", true),
    isNotificationEnabled: flagOf(object, "notifications_enabled", true),
    isEventHandlerEnabled: flagOf(object, "event_handler_enabled", true),
    variables: variablesOf(object, label, context),
    notesUrl: link("notes_url"),
    actionUrl: link("action_url"),
    iconImage: textOf(object, "icon_image")?.slice(0, 255) ?? null,
    flapDetection: {
      isEnabled: flagOf(object, "flap_detection_enabled", true) && isOn("enable_flap_detection"),
      lowPercent: clamp(Math.min(low, high), 0, 100),
      highPercent: clamp(high, 0, 100),
    },
  };
}

/** Custom variables that our names allow. */
export function variablesOf(
  object: NagiosObject,
  label: string,
  { remarks, options }: ImportContext,
): Record<string, string> {
  const found: Record<string, string> = options.isShinken ? impliedVariables(object) : {};
  for (const [name, value] of Object.entries(customVariablesOf(object))) {
    if (/^[A-Z0-9_]{1,63}$/.test(name) && value.length <= 4096) found[name] = value;
    else
      remarks.add(
        placeOf(object, `_${name}`),
        `${label}: _${name}`,
        "has a name that is not 1 to 63 letters, digits or _, or is longer than 4096",
      );
  }
  return found;
}

/** What business rules look for with `t:` and `l:`: the names of a host's templates, and Shinken's labels. */
function impliedVariables(object: NagiosObject): Record<string, string> {
  const found: Record<string, string> = {};
  const labels = listOf(textOf(object, "labels")).join(",");
  if (object.type === "host" && object.isRegistered && object.templates.length > 0)
    found.TAGS = object.templates.join(",").slice(0, 4096);
  if (labels !== "") found.LABELS = labels.slice(0, 4096);
  return found;
}

/** A number within limits. Pure. */
export function clamp(value: number, minimum: number, maximum: number): number {
  return Math.min(maximum, Math.max(minimum, Number.isFinite(value) ? value : minimum));
}

/** An interval of Nagios' time units in seconds; null when nothing is set. Pure. */
export function secondsOf(object: NagiosObject, name: string, { intervalLengthSeconds }: ImportContext): number | null {
  const units = numberOf(object, name, Number.NaN);
  return Number.isNaN(units) ? null : Math.round(units * intervalLengthSeconds);
}

/** How long without a result until it is stale; null unless `check_freshness` is on. */
export function freshnessOf(object: NagiosObject, context: ImportContext): number | null {
  if (!flagOf(object, "check_freshness", false)) return null;
  const own = numberOf(object, "freshness_threshold", 0);
  // What nagios does without a threshold: the interval, and 15 s more.
  const seconds =
    own > 0 ? own : (secondsOf(object, "check_interval", context) ?? 5 * context.intervalLengthSeconds) + 15;
  return clamp(Math.round(seconds), 10, 31_536_000);
}

const carriedKeys = new Set(
  `host_name alias display_name address parents hostgroups hostgroup_name servicegroups service_description check_command check_interval retry_interval
  max_check_attempts active_checks_enabled passive_checks_enabled check_period check_freshness freshness_threshold event_handler event_handler_enabled
  low_flap_threshold high_flap_threshold flap_detection_enabled contacts contact_groups notification_interval first_notification_delay notification_period
  notification_options notifications_enabled notes notes_url action_url icon_image business_impact escalations service_dependencies duplicate_foreach
  default_value service_excludes service_includes realm poller_tag reactionner_tag labels
  business_rule_output_template business_rule_smart_notifications business_rule_downtime_as_ack business_rule_host_notification_options
  business_rule_service_notification_options service_overrides
  retain_status_information retain_nonstatus_information process_perf_data parallelize_check obsess icon_set definition_order imported_from`.split(
    /\s+/,
  ),
);

const reasons: Readonly<Record<string, string>> = {
  is_volatile: "there is no volatile service here",
  flap_detection_options: "all states count for flapping here",
  stalking_options: "every change of output is kept here anyway",
  initial_state: "what was never checked is PENDING here",
  icon_image_alt: "an icon has no words of its own here",
  statusmap_image: "there is no status map here",
  vrml_image: "there is no status map here",
  "2d_coords": "there is no status map here; NagVis keeps its own",
  "3d_coords": "there is no status map here",
  display_name: "a service is shown by its name here",
  maintenance_period: "define a RecurringDowntime instead",
  failure_prediction_enabled: "Nagios itself no longer has it",
};

/** Says which directives of a host or service have no counterpart. */
export function remarkUncarried(object: NagiosObject, label: string, { remarks }: ImportContext): void {
  for (const [name, { value, place }] of object.values) {
    if (name.startsWith("_") || carriedKeys.has(name)) continue;
    if (name === "is_volatile" && value === "0") continue;
    if ((name === "flap_detection_options" && value === "a") || (name === "initial_state" && /^[ou]$/.test(value)))
      continue;
    if (name === "stalking_options" && value === "n") continue;
    if (name === "display_name" && (object.type !== "service" || value === label.split("/").at(-1))) continue;
    // What many have from one template is told once.
    const whose = object.own.has(name) ? `${object.type} ${label}` : `${object.type} template`;
    remarks.add(place, `${whose}: ${name} ${value.slice(0, 80)}`, reasons[name] ?? "has no counterpart here");
  }
}
