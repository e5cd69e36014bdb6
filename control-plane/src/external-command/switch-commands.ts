import type { RuntimeOverride } from "@mycloud/protocol/monitored";
import { NotAllowedError } from "../error/index.ts";
import type { MonitoredHost } from "../monitored/index.ts";
import type { ProgramOverride } from "../monitored/runtime-override.ts";
import type { SwitchedObject, Switches } from "../operation/switch-settings.ts";
import type { Scope } from "../scope/index.ts";
import type { ActionCommand, CommandTable } from "./command-definition.ts";
import type { CommandFields } from "./command-fields.ts";
import { type ObjectFinder, switchedHost, switchedService } from "./find-objects.ts";

interface SwitchCommandsDependencies {
  readonly switches: Switches;
  readonly find: ObjectFinder;
}

/** Finds the objects that the fields of a command name. */
interface Target {
  readonly fields: readonly string[];
  find(fields: CommandFields, scope: Scope): Promise<SwitchedObject[]>;
}

/**
 * ENABLE_* and DISABLE_* of single objects, of everything on a host, of groups and of the whole program; START_* and STOP_*, which are the latter
 * under older names. They are kept as overrides of the definitions (monitored/runtime-override.ts).
 */
export function createSwitchCommands({ switches, find }: SwitchCommandsDependencies): CommandTable {
  const host: Target = {
    fields: ["host"],
    find: async (fields, scope) => [switchedHost(await find.host(scope, fields.name("host")))],
  };
  const service: Target = {
    fields: ["host", "service"],
    find: async (fields, scope) => [
      switchedService(await find.service(scope, fields.name("host"), fields.name("service"))),
    ],
  };
  const servicesOfHost: Target = {
    fields: ["host"],
    find: async (fields, scope) => servicesOf(await find.host(scope, fields.name("host"))),
  };
  const hostsOfGroup: Target = {
    fields: ["host group"],
    find: async (fields, scope) => (await find.hostsOfGroup(scope, fields.name("host group"))).map(switchedHost),
  };
  const servicesOfHostGroup: Target = {
    fields: ["host group"],
    find: async (fields, scope) => (await find.hostsOfGroup(scope, fields.name("host group"))).flatMap(servicesOf),
  };
  const servicesOfGroup: Target = {
    fields: ["service group"],
    find: async (fields, scope) =>
      (await find.servicesOfGroup(scope, fields.name("service group"))).map(switchedService),
  };
  const hostsOfServiceGroup: Target = {
    fields: ["service group"],
    async find(fields, scope) {
      const members = await find.servicesOfGroup(scope, fields.name("service group"));
      return [...new Map(members.map((member) => [member.host.id, switchedHost(member.host)])).values()];
    },
  };
  const childrenOfHost: Target = {
    fields: ["host"],
    find: async (fields, scope) => (await find.childrenOf(scope, fields.name("host"))).map(switchedHost),
  };
  const hostAndChildren: Target = {
    fields: ["host"],
    find: async (fields, scope) => [...(await host.find(fields, scope)), ...(await childrenOfHost.find(fields, scope))],
  };

  const commands: Record<string, ActionCommand> = {};

  function add(name: string, target: Target, setting: keyof RuntimeOverride): void {
    for (const [verb, isEnabled] of verbs) {
      commands[`${verb}_${name}`] = {
        fields: target.fields,
        async run(fields, { operator }) {
          const objects = await target.find(fields, operator.scope);
          await switches.set(operator, objects, { [setting]: isEnabled });
          const what = objects.length === 1 ? (objects[0]?.name ?? "") : `${objects.length} objects`;
          return `${isEnabled ? "enabled" : "disabled"} for ${what}`;
        },
      };
    }
  }

  function addProgram(names: readonly [on: string, off: string], setting: keyof ProgramOverride): void {
    for (const [index, name] of names.entries()) {
      commands[name] = {
        fields: [],
        async run(_fields, { operator }) {
          if (operator.scope.kind === "customer") throw new NotAllowedError(`${name} is not for users of a customer`);
          await switches.setProgram(operator, { [setting]: index === 0 });
          return `${index === 0 ? "enabled" : "disabled"} for everything`;
        },
      };
    }
  }

  for (const [kind, one] of [
    ["HOST", host],
    ["SVC", service],
  ] as const) {
    add(`${kind}_CHECK`, one, "isActiveCheckEnabled");
    add(`PASSIVE_${kind}_CHECKS`, one, "isPassiveCheckEnabled");
    add(`${kind}_NOTIFICATIONS`, one, "isNotificationEnabled");
    add(`${kind}_EVENT_HANDLER`, one, "isEventHandlerEnabled");
    add(`${kind}_FLAP_DETECTION`, one, "isFlapDetectionEnabled");
  }
  for (const [kind, all] of [
    ["HOST_SVC", servicesOfHost],
    ["HOSTGROUP_HOST", hostsOfGroup],
    ["HOSTGROUP_SVC", servicesOfHostGroup],
    ["SERVICEGROUP_SVC", servicesOfGroup],
    ["SERVICEGROUP_HOST", hostsOfServiceGroup],
  ] as const) {
    add(`${kind}_CHECKS`, all, "isActiveCheckEnabled");
    add(`${kind}_NOTIFICATIONS`, all, "isNotificationEnabled");
  }
  add("HOSTGROUP_PASSIVE_HOST_CHECKS", hostsOfGroup, "isPassiveCheckEnabled");
  add("HOSTGROUP_PASSIVE_SVC_CHECKS", servicesOfHostGroup, "isPassiveCheckEnabled");
  add("SERVICEGROUP_PASSIVE_HOST_CHECKS", hostsOfServiceGroup, "isPassiveCheckEnabled");
  add("SERVICEGROUP_PASSIVE_SVC_CHECKS", servicesOfGroup, "isPassiveCheckEnabled");
  add("HOST_AND_CHILD_NOTIFICATIONS", hostAndChildren, "isNotificationEnabled");
  add("ALL_NOTIFICATIONS_BEYOND_HOST", childrenOfHost, "isNotificationEnabled");

  addProgram(["ENABLE_NOTIFICATIONS", "DISABLE_NOTIFICATIONS"], "isNotificationEnabled");
  addProgram(["ENTER_ACTIVE_MODE", "ENTER_STANDBY_MODE"], "isNotificationEnabled");
  addProgram(["ENABLE_EVENT_HANDLERS", "DISABLE_EVENT_HANDLERS"], "isEventHandlerEnabled");
  addProgram(["ENABLE_FLAP_DETECTION", "DISABLE_FLAP_DETECTION"], "isFlapDetectionEnabled");
  addProgram(["START_EXECUTING_SVC_CHECKS", "STOP_EXECUTING_SVC_CHECKS"], "isActiveServiceCheckEnabled");
  addProgram(["START_EXECUTING_HOST_CHECKS", "STOP_EXECUTING_HOST_CHECKS"], "isActiveHostCheckEnabled");
  addProgram(
    ["START_ACCEPTING_PASSIVE_SVC_CHECKS", "STOP_ACCEPTING_PASSIVE_SVC_CHECKS"],
    "isPassiveServiceCheckEnabled",
  );
  addProgram(
    ["START_ACCEPTING_PASSIVE_HOST_CHECKS", "STOP_ACCEPTING_PASSIVE_HOST_CHECKS"],
    "isPassiveHostCheckEnabled",
  );
  return commands;
}

const verbs = [
  ["ENABLE", true],
  ["DISABLE", false],
] as const;

function servicesOf(host: MonitoredHost): SwitchedObject[] {
  return [...host.servicesByName.values()].map((service) => switchedService({ host, service }));
}
