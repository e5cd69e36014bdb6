import type { Monitored, NagiosEscalation, NagiosHost, NagiosService, ReadingOptions } from "./configuration.ts";
import { listHosts } from "./host-list.ts";
import { limits } from "./limits.ts";
import { type Directive, listOf, type NagiosObject, placeOf, textOf } from "./nagios-object.ts";
import type { FaultSink } from "./place.ts";
import { listServices, type ServiceUniverse } from "./service-list.ts";

const keys = {
  host: "host_name",
  group: "hostgroup_name",
  service: "service_description",
  serviceGroup: "servicegroup_name",
};

/**
 * Makes one escalation for each host and service that `hostescalation` and `serviceescalation` are for, and for each that names one of Shinken's
 * `escalation` objects. What an escalation does not say it has from its host or service: contacts, interval and period.
 */
export function expandEscalations(
  definitions: readonly NagiosObject[],
  hosts: readonly NagiosHost[],
  services: readonly NagiosService[],
  universe: ServiceUniverse,
  options: ReadingOptions,
  faults: FaultSink,
): NagiosEscalation[] {
  const objects = new Map<string, NagiosObject>(hosts.map(({ name, object }) => [name, object]));
  for (const { host, description, object } of services) objects.set(`${host}\u0000${description}`, object);
  const escalations: NagiosEscalation[] = [];
  const add = (of: Monitored, object: NagiosObject) => {
    const owner = objects.get(of.service === null ? of.host : `${of.host}\u0000${of.service}`);
    escalations.push({ of, object: owner === undefined ? object : withInherited(object, owner) });
  };
  const named = new Map<string, NagiosObject>();
  for (const object of definitions.filter(({ isRegistered }) => isRegistered)) {
    if (escalations.length >= limits.expanded) {
      faults.error(object.place, `more than ${limits.expanded} escalations; the rest is left out`);
      break;
    }
    if (object.type === "escalation") named.set(textOf(object, "escalation_name") ?? "", object);
    else if (object.type === "hostescalation") {
      for (const { name } of listHosts(object, keys, universe, options, faults))
        add({ host: name, service: null }, object);
    } else for (const one of listServices(object, keys, universe, options, faults)) add(one, object);
  }
  for (const [of, object] of [
    ...hosts.map(({ name, object }) => [{ host: name, service: null }, object] as const),
    ...services.map(({ host, description, object }) => [{ host, service: description }, object] as const),
  ]) {
    for (const name of listOf(textOf(object, "escalations"))) {
      const escalation = named.get(name);
      if (escalation !== undefined) add(of, escalation);
      else faults.error(placeOf(object, "escalations"), `there is no escalation "${name}"`);
    }
  }
  return escalations;
}

function withInherited(escalation: NagiosObject, owner: NagiosObject): NagiosObject {
  const values = new Map<string, Directive>(escalation.values);
  const take = (from: string, to = from) => {
    const directive = owner.values.get(from);
    if (directive !== undefined && !values.has(to)) values.set(to, { ...directive, name: to });
  };
  if (!values.has("contacts") && !values.has("contact_groups")) {
    take("contacts");
    take("contact_groups");
  }
  take("notification_interval");
  take("notification_period", "escalation_period");
  return { ...escalation, values };
}
