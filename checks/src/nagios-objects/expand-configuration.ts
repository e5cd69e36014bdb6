import type { NagiosConfiguration, NagiosHost, NagiosNamed, ReadingOptions } from "./configuration.ts";
import { expandDependencies, ownDependencies } from "./expand-dependencies.ts";
import { expandEscalations } from "./expand-escalations.ts";
import { expandGroups, expandServiceGroups } from "./expand-groups.ts";
import { checkServices, expandServices, withHostDefaults } from "./expand-services.ts";
import { hostUniverse } from "./host-list.ts";
import { listOf, type NagiosObject, placeOf, textOf, type WrittenObject } from "./nagios-object.ts";
import type { FaultSink } from "./place.ts";
import { resolveTemplates } from "./resolve-templates.ts";
import { selectNames } from "./select-names.ts";
import { serviceUniverse } from "./service-list.ts";

const carried = new Set([
  "host",
  "service",
  "hostgroup",
  "servicegroup",
  "contact",
  "contactgroup",
  "command",
  "timeperiod",
  "notificationway",
  "hostdependency",
  "servicedependency",
  "hostescalation",
  "serviceescalation",
  "escalation",
]);

/**
 * Resolves templates and expands every list: what nagios has in memory once it has read these definitions. What it would refuse to start with is an
 * error in `faults`; the rest of the configuration is answered all the same. Never throws. Pure.
 */
export function expandConfiguration(
  written: readonly WrittenObject[],
  options: ReadingOptions,
  faults: FaultSink,
): NagiosConfiguration {
  const objects = resolveTemplates(written, faults, options);
  const byType = Map.groupBy(objects, ({ type }) => type);
  const registered = (type: string) => (byType.get(type) ?? []).filter(({ isRegistered }) => isRegistered);
  const named = (type: string, key: string) => uniquelyNamed(registered(type), type, key, faults);

  const hosts = named("host", "host_name").map(
    ({ name, object }): NagiosHost => ({ name, object: withHostDefaults(name, object) }),
  );
  const hostMembers = hosts.map((host) => ({ ...host, groupsKey: "hostgroups" }));
  const hostGroups = expandGroups("hostgroup", registered("hostgroup"), hostMembers, options, faults);
  checkParents(hosts, options, faults);
  const universe = hostUniverse(
    hosts.map(({ name }) => name),
    hostGroups,
  );
  const services = expandServices(byType.get("service") ?? [], hosts, universe, options, faults);
  checkServices(services, faults);
  const serviceGroups = expandServiceGroups(registered("servicegroup"), services, options, faults);
  const contacts = named("contact", "contact_name");
  const contactMembers = contacts.map((contact) => ({ ...contact, groupsKey: "contactgroups" }));
  const contactGroups = expandGroups("contactgroup", registered("contactgroup"), contactMembers, options, faults);
  const all = serviceUniverse(universe, services, serviceGroups);
  const dependencies = [...(byType.get("hostdependency") ?? []), ...(byType.get("servicedependency") ?? [])];
  const escalations = ["hostescalation", "serviceescalation", "escalation"].flatMap((type) => byType.get(type) ?? []);
  return {
    hosts,
    services,
    hostGroups,
    serviceGroups,
    contacts,
    contactGroups,
    commands: named("command", "command_name"),
    timePeriods: named("timeperiod", "timeperiod_name"),
    notificationWays: named("notificationway", "notificationway_name"),
    dependencies: [
      ...expandDependencies(dependencies, all, options, faults),
      ...(options.isShinken ? ownDependencies(hosts, services, all, faults) : []),
    ],
    templates: templatesAmong(objects),
    escalations: expandEscalations(escalations, hosts, services, all, options, faults),
    others: objects.filter(({ type, isRegistered }) => isRegistered && !carried.has(type)),
  };
}

function templatesAmong(objects: readonly NagiosObject[]): NagiosNamed[] {
  const byName = new Map<string, NagiosNamed>();
  for (const object of objects) {
    const key = `${object.type} ${object.templateName}`;
    if (object.templateName !== null && !byName.has(key)) byName.set(key, { name: object.templateName, object });
  }
  return [...byName.values()];
}

function uniquelyNamed(objects: readonly NagiosObject[], type: string, key: string, faults: FaultSink): NagiosNamed[] {
  const byName = new Map<string, NagiosObject>();
  for (const object of objects) {
    const name = textOf(object, key);
    const other = name === undefined ? undefined : byName.get(name);
    if (name === undefined) faults.error(object.place, `${type} has no ${key}`);
    else if (other === undefined) byName.set(name, object);
    else
      faults.error(
        object.place,
        `${type} "${name}" is defined twice; first at ${other.place.file}:${other.place.line}`,
      );
  }
  return [...byName].map(([name, object]) => ({ name, object }));
}

/** Parents must exist, and nobody may be reached by way of himself. */
function checkParents(hosts: readonly NagiosHost[], options: ReadingOptions, faults: FaultSink): void {
  const names = new Set(hosts.map(({ name }) => name));
  const objects = new Map(hosts.map(({ name, object }) => [name, object]));
  const parents = new Map<string, readonly string[]>();
  for (const { name, object } of hosts) {
    const { taken, unknown } = selectNames(textOf(object, "parents"), names, options);
    for (const one of unknown)
      faults.error(placeOf(object, "parents"), `there is no host "${one}", a parent of "${name}"`);
    parents.set(name, taken);
  }
  const finished = new Set<string>();
  for (const { name } of hosts) {
    // A walk with a stack of its own: a chain of parents may be longer than the program's stack.
    const path = new Set<string>();
    const stack: { name: string; next: number }[] = [{ name, next: 0 }];
    path.add(name);
    while (stack.length > 0 && !finished.has(name)) {
      const top = stack[stack.length - 1];
      if (top === undefined) break;
      const parent = parents.get(top.name)?.[top.next++];
      if (parent === undefined) {
        finished.add(top.name);
        path.delete(top.name);
        stack.pop();
      } else if (path.has(parent)) {
        const object = objects.get(top.name);
        if (object !== undefined)
          faults.error(placeOf(object, "parents"), `host "${parent}" is its own parent by way of "${top.name}"`);
      } else if (!finished.has(parent)) {
        path.add(parent);
        stack.push({ name: parent, next: 0 });
      }
    }
  }
}

/** The names a host's `parents` stand for, `!` and `*` read. Pure. */
export function parentsOf(host: NagiosHost, hostNames: ReadonlySet<string>, options: ReadingOptions): string[] {
  const { taken, refused } = selectNames(textOf(host.object, "parents"), hostNames, options);
  return taken.filter((name) => !refused.has(name)).sort();
}

/** Everybody an object names: its contacts and the members of its contact groups, sorted. Pure. */
export function contactsOf(
  object: NagiosObject,
  groups: ReadonlyMap<string, readonly string[]>,
  contacts: ReadonlySet<string>,
): string[] {
  const found = new Set<string>();
  const refused = new Set<string>();
  const read = (key: string, members: (name: string) => readonly string[]) => {
    for (const entry of listOf(textOf(object, key))) {
      const into = entry.startsWith("!") ? refused : found;
      for (const name of members(entry.replace(/^!/, ""))) into.add(name);
    }
  };
  read("contacts", (name) => (name === "*" ? [...contacts] : contacts.has(name) ? [name] : []));
  read("contact_groups", (name) => (name === "*" ? [...groups.values()].flat() : (groups.get(name) ?? [])));
  return [...found].filter((name) => !refused.has(name)).sort();
}
