import {
  type Monitored,
  monitoredKey,
  type NagiosDependency,
  type NagiosHost,
  type NagiosService,
  type ReadingOptions,
} from "./configuration.ts";
import { listHosts } from "./host-list.ts";
import { limits } from "./limits.ts";
import { listOf, madeObject, type NagiosObject, placeOf, textOf } from "./nagios-object.ts";
import type { FaultSink } from "./place.ts";
import { listServices, type ServiceUniverse } from "./service-list.ts";

const masterKeys = {
  host: "host_name",
  group: "hostgroup_name",
  service: "service_description",
  serviceGroup: "servicegroup_name",
};
const dependentKeys = {
  host: "dependent_host_name",
  group: "dependent_hostgroup_name",
  service: "dependent_service_description",
  serviceGroup: "dependent_servicegroup_name",
};

/**
 * Makes one dependency for each master and dependent of `hostdependency` and `servicedependency`. Where no dependent host is named, a service depends on
 * the master of its own host (checked with nagios4). One with both criteria stays one here; nagios keeps it as two. Nothing depends on itself.
 */
export function expandDependencies(
  definitions: readonly NagiosObject[],
  universe: ServiceUniverse,
  options: ReadingOptions,
  faults: FaultSink,
): NagiosDependency[] {
  const dependencies: NagiosDependency[] = [];
  for (const object of definitions.filter(({ isRegistered }) => isRegistered)) {
    const isOfHosts = object.type === "hostdependency";
    const masters: readonly Monitored[] = isOfHosts
      ? listHosts(object, masterKeys, universe, options, faults).map(({ name }) => ({ host: name, service: null }))
      : listServices(object, masterKeys, universe, options, faults);
    if (masters.length === 0) faults.warn(object.place, `${object.type} has no master; it is left out`);
    const namesDependents = ["dependent_host_name", "dependent_hostgroup_name"].some((key) => object.values.has(key));
    const shared = isOfHosts
      ? listHosts(object, dependentKeys, universe, options, faults).map(
          ({ name }): Monitored => ({ host: name, service: null }),
        )
      : namesDependents || object.values.has(dependentKeys.serviceGroup)
        ? listServices(object, dependentKeys, universe, options, faults)
        : null;
    for (const master of masters) {
      const dependents = shared ?? listServices(object, dependentKeys, universe, options, faults, [master.host]);
      for (const dependent of dependents) {
        if (monitoredKey(master) === monitoredKey(dependent)) continue;
        if (dependencies.length >= limits.expanded) {
          faults.error(object.place, `more than ${limits.expanded} dependencies; the rest is left out`);
          return dependencies;
        }
        dependencies.push({ master, dependent, object });
      }
    }
  }
  return dependencies;
}

/** Shinken's `service_dependencies host,service,...` of services: each fails with any problem of what it names. */
export function ownDependencies(
  hosts: readonly NagiosHost[],
  services: readonly NagiosService[],
  universe: ServiceUniverse,
  faults: FaultSink,
): NagiosDependency[] {
  const dependencies: NagiosDependency[] = [];
  for (const { host, description, object } of services) {
    const names = listOf(textOf(object, "service_dependencies"));
    const place = placeOf(object, "service_dependencies");
    const made = madeObject("servicedependency", place, [
      { name: "execution_failure_options", value: "n", place },
      { name: "notification_failure_options", value: "w,u,c", place },
    ]);
    const pairs = names.length === 1 ? [host, ...names] : names;
    for (let at = 0; at + 1 < pairs.length; at += 2) {
      const [masterHost = "", service = ""] = pairs.slice(at, at + 2);
      const named = masterHost === "" ? host : masterHost;
      if (universe.services.get(named)?.has(service)) {
        dependencies.push({
          master: { host: named, service },
          dependent: { host, service: description },
          object: made,
        });
      } else faults.error(place, `there is no service "${service}" on host "${named}", named by service_dependencies`);
    }
  }
  return hosts.length === 0 ? [] : dependencies;
}
