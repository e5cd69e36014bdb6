import type { NagiosGroup, ReadingOptions } from "./configuration.ts";
import { evaluateGroups, isGroupExpression } from "./group-expression.ts";
import { type NagiosObject, placeOf, textOf } from "./nagios-object.ts";
import type { FaultSink } from "./place.ts";
import { namesMatching, selectNames } from "./select-names.ts";

/** All hosts and groups, to find what lists of them mean. */
export interface HostUniverse {
  readonly hosts: ReadonlySet<string>;
  readonly groups: ReadonlyMap<string, ReadonlySet<string>>;
  readonly groupNames: ReadonlySet<string>;
}

export function hostUniverse(hosts: Iterable<string>, groups: readonly NagiosGroup<string>[]): HostUniverse {
  const byName = new Map(groups.map(({ name, members }) => [name, new Set(members)]));
  return { hosts: new Set(hosts), groups: byName, groupNames: new Set(byName.keys()) };
}

/** The hosts a definition is for; `isDirect` when the host itself is named, not only a group it is in. */
export interface ListedHost {
  readonly name: string;
  readonly isDirect: boolean;
}

/**
 * Reads a pair of lists such as `host_name` and `hostgroup_name`: members of groups and hosts, minus everything either excludes with `!`. Sorted.
 * Names that do not exist are faults.
 */
export function listHosts(
  object: NagiosObject,
  keys: { readonly host: string; readonly group: string },
  universe: HostUniverse,
  options: ReadingOptions,
  faults: FaultSink,
): ListedHost[] {
  const found = new Map<string, boolean>();
  const refused = new Set<string>();
  const groupText = textOf(object, keys.group);
  if (groupText !== undefined) {
    const { taken, out } = readGroups(groupText, object, keys.group, universe, options, faults);
    for (const name of taken) found.set(name, false);
    for (const name of out) refused.add(name);
  }
  const hostText = textOf(object, keys.host);
  if (hostText !== undefined) {
    const selection = selectNames(hostText, universe.hosts, options);
    for (const name of selection.taken) found.set(name, true);
    for (const name of selection.refused) refused.add(name);
    for (const name of selection.unknown) {
      faults.error(placeOf(object, keys.host), `there is no host "${name}", named by this ${object.type}`);
    }
  }
  const names = [...found.keys()].filter((name) => !refused.has(name)).sort();
  return names.map((name) => ({ name, isDirect: found.get(name) === true }));
}

function readGroups(
  text: string,
  object: NagiosObject,
  key: string,
  universe: HostUniverse,
  options: ReadingOptions,
  faults: FaultSink,
): { taken: Iterable<string>; out: Iterable<string> } {
  const place = placeOf(object, key);
  const missing = (name: string) =>
    faults.error(place, `there is no hostgroup "${name}", named by this ${object.type}`);
  if (options.isShinken && isGroupExpression(text)) {
    const value = evaluateGroups(text, universe.hosts, (name) => {
      const names = namesMatching(name, universe.groupNames, options);
      return names === null ? undefined : membersOf(names, universe);
    });
    if (typeof value === "string") {
      faults.error(place, `${key} "${text}": ${value}`);
      return { taken: [], out: [] };
    }
    for (const name of value.unknown) missing(name);
    return { taken: value.members, out: [] };
  }
  const selection = selectNames(text, universe.groupNames, options);
  for (const name of selection.unknown) missing(name);
  const isAll = text.split(",").some((entry) => entry.trim() === "*");
  const taken = membersOf(selection.taken, universe);
  return { taken: isAll && options.isShinken ? universe.hosts : taken, out: membersOf(selection.refused, universe) };
}

function membersOf(groups: Iterable<string>, universe: HostUniverse): Set<string> {
  const members = new Set<string>();
  for (const group of groups) for (const member of universe.groups.get(group) ?? []) members.add(member);
  return members;
}
