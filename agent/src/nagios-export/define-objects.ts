import type { Definition } from "@mycloud/checks/nagios-objects";
import type { Fields } from "@mycloud/protocol/definition";
import { matchesHost } from "@mycloud/protocol/selector";
import type { Commands } from "./commands.ts";
import { type Directives, directivesOf } from "./field-words.ts";
import { covered, type Inventory, keyOf, ofKind, type ResourceOf } from "./inventory.ts";
import { notificationDirectives, type Told } from "./told.ts";

type Check = ResourceOf<"Check">;

/** Hosts, with the check that tells whether they are up. */
export function defineHosts(inventory: Inventory, told: Told, commands: Commands): Definition[] {
  const handlers = handlersOf(inventory, commands);
  const checks = ofKind(inventory, "Check").filter(({ spec }) => spec.target === "host");
  const seen = new Map(inventory.hosts.map((host) => [host.name, host]));
  return ofKind(inventory, "Host").map((host) => {
    const { name, spec } = host;
    const selectable = seen.get(name) ?? { name, groups: spec.groups, labels: spec.labels };
    const check = checks.find(({ spec: { selector } }) => matchesHost(selector, selectable));
    return {
      type: "host",
      directives: [
        ["host_name", name],
        ...stopped(check, saidBy(keyOf(host), spec, inventory)),
        ...(check === undefined ? [] : checkDirectives(check, commands, inventory)),
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
    const definition = check ?? passive.get(key);
    if (definition === undefined) return [];
    const how =
      check === undefined
        ? [["check_command", commands.nameOf("mycloud-told-by-others", ["/bin/true"])] as const]
        : checkDirectives(check, commands, inventory).slice(0, 1);
    return [
      {
        type: "service",
        directives: [
          ["host_name", hostName],
          ["service_description", name],
          ...stopped(check, saidBy(keyOf(definition), definition.spec, inventory)),
          ...how,
          ["event_handler", handlers.get(key) ?? null],
          ...notificationDirectives(key, "service", told, inventory),
        ],
      },
    ];
  });
}

/** Templates of hosts and services. */
export function defineTemplates(inventory: Inventory): Definition[] {
  return ofKind(inventory, "Template").map(({ name, spec }) => {
    const untold = (field: string) =>
      inventory.remarks.add(
        `template ${name}: ${field}`,
        "Nagios has no word for it; objects have what it says there is",
      );
    for (const field of ["command", "arguments"].filter((one) => Object.hasOwn(spec.spec, one))) untold(field);
    return {
      type: spec.for === "Host" ? "host" : "service",
      directives: [["name", name], ["use", spec.uses.join(",")], ["register", 0], ...directivesOf(spec.spec, untold)],
    };
  });
}

/** What an object says itself, and the templates it uses; all its fields where it uses none. */
function saidBy(key: string, spec: Fields, { templated, remarks }: Inventory): Directives {
  const use = templated.get(key);
  const untold = (field: string) => {
    const value = spec[field];
    const isEmpty = value === null || (typeof value === "object" && Object.keys(value).length === 0);
    if (!isEmpty) remarks.add(`${key}: ${field}`, "Nagios has no word for it");
  };
  if (use !== undefined) return [["use", use.uses.join(",")], ...directivesOf(use.spec, untold)];
  // Without templates there is nothing that has to be cancelled.
  return directivesOf(spec, untold).filter(
    ([name, value]) => value !== "null" && !(name === "check_freshness" && value === 0),
  );
}

/** A check that is switched off is not active. */
function stopped(check: Check | undefined, directives: Directives): Directives {
  if (check?.spec.isEnabled !== false) return directives;
  return [...directives.filter(([name]) => name !== "active_checks_enabled"), ["active_checks_enabled", 0]];
}

function checkDirectives({ name, spec }: Check, commands: Commands, { remarks }: Inventory): Directives {
  if (spec.command === "bp_rule") {
    remarks.add(
      `check ${name}: bp_rule ${spec.arguments[0] ?? ""}`,
      "Nagios computes no business rules; its command answers UNKNOWN",
    );
    const line = ["/bin/sh", "-c", 'echo "a business rule, which Nagios does not compute"; exit 3'];
    return [["check_command", commands.nameOf("mycloud-business-rule", line)]];
  }
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
