import type { Definition } from "@mycloud/checks/nagios-objects";
import { matchesHost } from "@mycloud/protocol/selector";
import type { Commands } from "./commands.ts";
import { covered, type Inventory, ofKind, type ResourceOf } from "./inventory.ts";
import { notificationDirectives, type Told } from "./told.ts";

type Directives = [string, string | number | null][];
type Check = ResourceOf<"Check">;

const flag = (isOn: boolean) => (isOn ? 1 : 0);

/** Hosts, with the check that tells whether they are up. */
export function defineHosts(inventory: Inventory, told: Told, commands: Commands): Definition[] {
  const handlers = handlersOf(inventory, commands);
  const checks = ofKind(inventory, "Check").filter(({ spec }) => spec.target === "host");
  const seen = new Map(inventory.hosts.map((host) => [host.name, host]));
  return ofKind(inventory, "Host").map(({ name, spec }) => {
    const selectable = seen.get(name) ?? { name, groups: spec.groups, labels: spec.labels };
    const check = checks.find(({ spec: { selector } }) => matchesHost(selector, selectable));
    if (Object.keys(spec.labels).length > 0)
      inventory.remarks.add(`host ${name}: labels`, "Nagios has no word for them");
    if (spec.customer !== null)
      inventory.remarks.add(`host ${name}: customer ${spec.customer}`, "Nagios has no word for it");
    return {
      type: "host",
      directives: [
        ["host_name", name],
        ["alias", spec.displayName],
        ["address", spec.address],
        ["parents", spec.parents.join(",")],
        ["hostgroups", spec.groups.join(",")],
        ...(check === undefined ? [] : [checkDirectives(check, commands)]).flat(),
        ["max_check_attempts", spec.maxCheckAttempts],
        ...freshness(spec.freshnessSeconds),
        ["active_checks_enabled", flag(spec.isActiveCheckEnabled && check?.spec.isEnabled !== false)],
        ...settings(spec),
        ...flapping(spec.flapDetection),
        ["notes", spec.notes],
        ["event_handler", handlers.get(name) ?? null],
        ...notificationDirectives(name, "host", told, inventory),
      ],
    };
  });
}

/** Services, a definition each. */
export function defineServices(inventory: Inventory, told: Told, commands: Commands): Definition[] {
  const handlers = handlersOf(inventory, commands);
  const checks = new Map(ofKind(inventory, "Check").map((check) => [check.name, check]));
  const passive = new Map(
    ofKind(inventory, "Service").map((service) => [`${service.host}\u0000${service.name}`, service]),
  );
  return inventory.services.flatMap(({ hostName, name, checkName }): Definition[] => {
    const key = `${hostName}\u0000${name}`;
    const check = checkName === null ? undefined : checks.get(checkName);
    if (check?.spec.target === "host") return [];
    const own = passive.get(key);
    const spec = check?.spec ?? own?.spec;
    if (spec === undefined) return [];
    const how: Directives =
      check === undefined
        ? [["check_command", commands.nameOf("mycloud-told-by-others", ["/bin/true"])]]
        : checkDirectives(check, commands);
    return [
      {
        type: "service",
        directives: [
          ["host_name", hostName],
          ["service_description", name],
          ...how,
          ["max_check_attempts", spec.maxCheckAttempts],
          ...(own === undefined ? [] : freshness(own.spec.freshnessSeconds)),
          ["active_checks_enabled", flag(check?.spec.isActiveCheckEnabled === true && check.spec.isEnabled)],
          ...settings(spec),
          ...flapping(spec.flapDetection),
          ["notes", spec.notes],
          ["event_handler", handlers.get(key) ?? null],
          ...notificationDirectives(key, "service", told, inventory),
        ],
      },
    ];
  });
}

function checkDirectives({ name, spec }: Check, commands: Commands): Directives {
  const words =
    spec.command === "external"
      ? spec.arguments.slice(spec.arguments[0] === "--" ? 1 : 0)
      : ["mycloud", "check", spec.command, ...spec.arguments];
  return [
    ["check_command", commands.nameOf(spec.target === "host" ? name.replace(/^host /, "") : `check of ${name}`, words)],
    ["check_interval", spec.checkIntervalSeconds],
    ["retry_interval", spec.retryIntervalSeconds],
  ];
}

function settings(spec: ResourceOf<"Service">["spec"] | ResourceOf<"Host">["spec"] | Check["spec"]): Directives {
  return [
    ["passive_checks_enabled", flag(spec.isPassiveCheckEnabled)],
    ["notifications_enabled", flag(spec.isNotificationEnabled)],
    ["event_handler_enabled", flag(spec.isEventHandlerEnabled)],
    ["check_period", spec.checkPeriod],
    ["importance", spec.businessImpact],
    ["notes_url", spec.notesUrl],
    ["action_url", spec.actionUrl],
    ["icon_image", spec.iconImage],
    ...Object.entries(spec.variables).map(([name, value]): [string, string] => [`_${name}`, value]),
  ];
}

function flapping({ isEnabled, lowPercent, highPercent }: Check["spec"]["flapDetection"]): Directives {
  return [
    ["flap_detection_enabled", flag(isEnabled)],
    ["low_flap_threshold", lowPercent],
    ["high_flap_threshold", highPercent],
  ];
}

function freshness(seconds: number | null): Directives {
  return seconds === null
    ? []
    : [
        ["check_freshness", 1],
        ["freshness_threshold", seconds],
      ];
}

/** The event handler of each host and service; Nagios runs it at every change of state. */
function handlersOf(inventory: Inventory, commands: Commands): Map<string, string> {
  const found = new Map<string, string>();
  for (const { name, spec } of ofKind(inventory, "EventHandler")) {
    if (!spec.isEnabled) continue;
    if (spec.attempt !== null || spec.stateTypes.length < 2)
      inventory.remarks.add(`event handler ${name}: states and attempt`, "Nagios runs it at every change");
    const command = commands.nameOf(spec.command, [
      `/usr/local/lib/mycloud/event-handlers/${spec.command}`,
      ...spec.arguments,
    ]);
    for (const { host, service } of covered(spec.selector, inventory))
      found.set(service === null ? host : `${host}\u0000${service}`, command);
  }
  return found;
}
