import type { Monitored, NagiosGroup, ReadingOptions } from "./configuration.ts";
import { listOf, madeObject, type NagiosObject, placeOf, textOf } from "./nagios-object.ts";
import type { FaultSink } from "./place.ts";
import { selectNames } from "./select-names.ts";

/** How a type of group says who is in it. */
interface GroupWords {
  readonly type: "hostgroup" | "contactgroup";
  readonly nameKey: string;
  readonly nestedKey: string;
  readonly memberWord: string;
}

const words: Readonly<Record<"hostgroup" | "contactgroup", GroupWords>> = {
  hostgroup: { type: "hostgroup", nameKey: "hostgroup_name", nestedKey: "hostgroup_members", memberWord: "host" },
  contactgroup: {
    type: "contactgroup",
    nameKey: "contactgroup_name",
    nestedKey: "contactgroup_members",
    memberWord: "contact",
  },
};

/** Somebody who says himself which groups he is in. */
export interface Member {
  readonly name: string;
  readonly object: NagiosObject;
  readonly groupsKey: string;
}

/** Works out who is in each group: its own list, the groups in it, and members that name it. Members are sorted. */
export function expandGroups(
  type: "hostgroup" | "contactgroup",
  objects: readonly NagiosObject[],
  members: readonly Member[],
  options: ReadingOptions,
  faults: FaultSink,
): NagiosGroup<string>[] {
  const { nameKey, nestedKey, memberWord } = words[type];
  const names = new Set(members.map(({ name }) => name));
  const groups = new Map<string, { object: NagiosObject; own: Set<string> }>();
  for (const object of objects) {
    const name = textOf(object, nameKey);
    if (name === undefined) {
      faults.error(object.place, `${type} has no ${nameKey}`);
      continue;
    }
    const selection = selectNames(textOf(object, "members"), names, options);
    for (const unknown of selection.unknown) {
      faults.error(placeOf(object, "members"), `there is no ${memberWord} "${unknown}", named by ${type} "${name}"`);
    }
    const own = new Set(selection.taken.filter((member) => !selection.refused.has(member)));
    const other = groups.get(name);
    if (other === undefined) groups.set(name, { object, own });
    else {
      faults.warn(object.place, `${type} "${name}" is defined twice; the first holds`);
      if (options.isShinken) for (const member of own) other.own.add(member);
    }
  }
  for (const { name, object, groupsKey } of members) {
    for (const group of listOf(textOf(object, groupsKey))) {
      let found = groups.get(group);
      if (found === undefined) {
        const place = placeOf(object, groupsKey);
        const message = `there is no ${type} "${group}", named by ${memberWord} "${name}"`;
        if (!options.isShinken) {
          faults.error(place, message);
          continue;
        }
        faults.warn(place, `${message}; it is made`);
        found = { object: madeObject(type, place, [{ name: nameKey, value: group, place }]), own: new Set() };
        groups.set(group, found);
      }
      found.own.add(name);
    }
  }
  const complete = new Map<string, ReadonlySet<string>>();
  function membersOf(name: string, above: readonly string[]): ReadonlySet<string> {
    const known = complete.get(name);
    const group = groups.get(name);
    if (known !== undefined || group === undefined) return known ?? new Set();
    const all = new Set(group.own);
    for (const nested of listOf(textOf(group.object, nestedKey))) {
      const place = placeOf(group.object, nestedKey);
      if (!groups.has(nested)) faults.error(place, `there is no ${type} "${nested}", named by ${type} "${name}"`);
      else if (nested === name || above.includes(nested) || above.length > 200) {
        faults.error(place, `${type} "${name}" contains itself by way of "${nested}"`);
      } else for (const member of membersOf(nested, [...above, name])) all.add(member);
    }
    complete.set(name, all);
    return all;
  }
  return [...groups].map(([name, { object }]) => ({ name, object, members: [...membersOf(name, [])].sort() }));
}

/** Works out who is in each service group: `members host,service,...`, groups in it, and services that name it. */
export function expandServiceGroups(
  objects: readonly NagiosObject[],
  services: readonly { readonly host: string; readonly description: string; readonly object: NagiosObject }[],
  options: ReadingOptions,
  faults: FaultSink,
): NagiosGroup<Monitored & { readonly service: string }>[] {
  type Pair = Monitored & { readonly service: string };
  const existing = new Set(services.map(({ host, description }) => `${host}\u0000${description}`));
  const groups = new Map<string, { object: NagiosObject; own: Map<string, Pair> }>();
  for (const object of objects) {
    const name = textOf(object, "servicegroup_name");
    if (name === undefined) {
      faults.error(object.place, "servicegroup has no servicegroup_name");
      continue;
    }
    const own = new Map<string, Pair>();
    const members = listOf(textOf(object, "members"));
    for (let at = 0; at + 1 < members.length; at += 2) {
      const [host = "", service = ""] = members.slice(at, at + 2);
      const key = `${host}\u0000${service}`;
      if (existing.has(key)) own.set(key, { host, service });
      else
        faults.error(
          placeOf(object, "members"),
          `there is no service "${service}" on host "${host}", named by servicegroup "${name}"`,
        );
    }
    if (members.length % 2 === 1)
      faults.error(placeOf(object, "members"), `members of servicegroup "${name}" are not pairs of host and service`);
    if (groups.has(name)) faults.warn(object.place, `servicegroup "${name}" is defined twice; the first holds`);
    else groups.set(name, { object, own });
  }
  for (const { host, description: service, object } of services) {
    for (const group of listOf(textOf(object, "servicegroups"))) {
      let found = groups.get(group);
      const place = placeOf(object, "servicegroups");
      if (found === undefined) {
        const message = `there is no servicegroup "${group}", named by service "${service}" on "${host}"`;
        faults[options.isShinken ? "warn" : "error"](place, message);
        const name = { name: "servicegroup_name", value: group, place };
        found = { object: madeObject("servicegroup", place, [name]), own: new Map() };
        groups.set(group, found);
      }
      found.own.set(`${host}\u0000${service}`, { host, service });
    }
  }
  const membersOf = (name: string, above: ReadonlySet<string>): Map<string, Pair> => {
    const group = groups.get(name);
    const all = new Map(group?.own);
    if (group === undefined) return all;
    for (const nested of listOf(textOf(group.object, "servicegroup_members"))) {
      const place = placeOf(group.object, "servicegroup_members");
      if (!groups.has(nested))
        faults.error(place, `there is no servicegroup "${nested}", named by servicegroup "${name}"`);
      else if (above.has(nested) || above.size > 50)
        faults.error(place, `servicegroup "${name}" contains itself by way of "${nested}"`);
      else for (const [key, pair] of membersOf(nested, new Set([...above, nested]))) all.set(key, pair);
    }
    return all;
  };
  return [...groups].map(([name, { object }]) => {
    const members = membersOf(name, new Set([name]));
    return { name, object, members: [...members.keys()].sort().flatMap((key) => members.get(key) ?? []) };
  });
}
