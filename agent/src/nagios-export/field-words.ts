import type { Fields } from "@mycloud/protocol/definition";

export type Directives = readonly (readonly [name: string, value: string | number | null])[];

/** Turns the fields of a host, check or passive service, or of a template of these, into directives; null cancels what is inherited. */
const words: Readonly<Record<string, (value: unknown) => Directives>> = {
  displayName: text("alias"),
  address: text("address"),
  parents: list("parents"),
  groups: list("hostgroups"),
  checkIntervalSeconds: text("check_interval"),
  retryIntervalSeconds: text("retry_interval"),
  maxCheckAttempts: text("max_check_attempts"),
  freshnessSeconds: (value) =>
    value === null
      ? [["check_freshness", 0]]
      : [
          ["check_freshness", 1],
          ["freshness_threshold", String(value)],
        ],
  isActiveCheckEnabled: flag("active_checks_enabled"),
  isPassiveCheckEnabled: flag("passive_checks_enabled"),
  isNotificationEnabled: flag("notifications_enabled"),
  isEventHandlerEnabled: flag("event_handler_enabled"),
  checkPeriod: text("check_period"),
  businessImpact: text("importance"),
  notes: text("notes"),
  notesUrl: text("notes_url"),
  actionUrl: text("action_url"),
  iconImage: text("icon_image"),
  variables: (value) =>
    Object.entries(mapOf(value)).map(([name, one]) => [`_${name}`, one === null || one === "" ? "null" : String(one)]),
  flapDetection: (value) => {
    const { isEnabled, lowPercent, highPercent } = mapOf(value);
    return [
      ["flap_detection_enabled", isEnabled === false ? 0 : 1],
      ["low_flap_threshold", numberOf(lowPercent)],
      ["high_flap_threshold", numberOf(highPercent)],
    ];
  },
};
/** Written elsewhere, or with a remark of its own. */
const elsewhere = new Set(["command", "arguments", "selector", "serviceName", "target", "timeoutSeconds", "isEnabled"]);

/** Fields as directives, in the order of `words`; what Nagios has no word for goes to `untold`. Pure but for that. */
export function directivesOf(fields: Fields, untold: (field: string) => void): Directives {
  for (const field of Object.keys(fields)) if (!Object.hasOwn(words, field) && !elsewhere.has(field)) untold(field);
  return Object.entries(words).flatMap(([field, word]) => (Object.hasOwn(fields, field) ? word(fields[field]) : []));
}

function text(name: string) {
  return (value: unknown): Directives => [[name, value === null || value === "" ? "null" : String(value)]];
}

function flag(name: string) {
  return (value: unknown): Directives => [[name, value === true ? 1 : 0]];
}

function list(name: string) {
  return (value: unknown): Directives => {
    const names = Array.isArray(value) ? value.map(String) : [];
    const isAdding = names[0] === "+";
    const joined = names.slice(isAdding ? 1 : 0).join(",");
    if (joined === "") return isAdding ? [] : [[name, "null"]];
    return [[name, `${isAdding ? "+" : ""}${joined}`]];
  };
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function mapOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
