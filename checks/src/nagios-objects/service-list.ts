import type { Monitored, NagiosGroup, NagiosService, ReadingOptions } from "./configuration.ts";
import { type HostUniverse, listHosts } from "./host-list.ts";
import { listOf, type NagiosObject, placeOf, textOf } from "./nagios-object.ts";
import type { FaultSink } from "./place.ts";
import { selectNames } from "./select-names.ts";

/** Services by host, and service groups, to find what lists of them mean. */
export interface ServiceUniverse extends HostUniverse {
  readonly services: ReadonlyMap<string, ReadonlySet<string>>;
  readonly serviceGroups: ReadonlyMap<string, readonly Monitored[]>;
}

export function serviceUniverse(
  hosts: HostUniverse,
  services: readonly NagiosService[],
  groups: readonly NagiosGroup<Monitored>[],
): ServiceUniverse {
  const byHost = new Map<string, Set<string>>();
  for (const { host, description } of services) byHost.set(host, (byHost.get(host) ?? new Set()).add(description));
  return { ...hosts, services: byHost, serviceGroups: new Map(groups.map(({ name, members }) => [name, members])) };
}

/** The directives that name services in a definition. */
export interface ServiceKeys {
  readonly host: string;
  readonly group: string;
  readonly service: string;
  readonly serviceGroup: string;
}

/** The services that lists of hosts, descriptions (`*`, `!`, several) and service groups mean; on the hosts given where no host is named. */
export function listServices(
  object: NagiosObject,
  keys: ServiceKeys,
  universe: ServiceUniverse,
  options: ReadingOptions,
  faults: FaultSink,
  ownHosts: readonly string[] = [],
): (Monitored & { readonly service: string })[] {
  const found = new Map<string, Monitored & { readonly service: string }>();
  const namesHosts = object.values.has(keys.host) || object.values.has(keys.group);
  const hosts = namesHosts ? listHosts(object, keys, universe, options, faults).map(({ name }) => name) : ownHosts;
  const text = textOf(object, keys.service);
  for (const host of text === undefined ? [] : hosts) {
    const { taken, refused, unknown } = selectNames(text, universe.services.get(host) ?? new Set(), options);
    for (const service of taken) if (!refused.has(service)) found.set(`${host}\u0000${service}`, { host, service });
    for (const name of unknown) {
      faults.error(
        placeOf(object, keys.service),
        `there is no service "${name}" on host "${host}", named by this ${object.type}`,
      );
    }
  }
  for (const name of listOf(textOf(object, keys.serviceGroup))) {
    const members = universe.serviceGroups.get(name);
    if (members === undefined)
      faults.error(
        placeOf(object, keys.serviceGroup),
        `there is no servicegroup "${name}", named by this ${object.type}`,
      );
    for (const { host, service } of members ?? []) {
      if (service !== null) found.set(`${host}\u0000${service}`, { host, service });
    }
  }
  return [...found.values()];
}
