import type { NagiosHost, NagiosService, ReadingOptions } from "./configuration.ts";
import { readRounds, serviceOfRound } from "./duplicate-foreach.ts";
import { type HostUniverse, type ListedHost, listHosts } from "./host-list.ts";
import { limits } from "./limits.ts";
import { type Directive, listOf, type NagiosObject, placeOf, textOf, withValues } from "./nagios-object.ts";
import type { FaultSink } from "./place.ts";

/** What services take over from their host when they say nothing themselves. */
const fromHost = ["notification_interval", "notification_period"] as const;

/**
 * Makes one service for each host a definition is for. A service of the same name that names the host itself wins over one that comes by a
 * host group; of two alike the first holds. With Shinken, a template (`register 0`) that names host templates belongs to every host with
 * that tag, and hosts may override, exclude and include services.
 */
export function expandServices(
  definitions: readonly NagiosObject[],
  hosts: readonly NagiosHost[],
  universe: HostUniverse,
  options: ReadingOptions,
  faults: FaultSink,
): NagiosService[] {
  const hostObjects = new Map(hosts.map(({ name, object }) => [name, object]));
  const tags = options.isShinken ? hostsByTag(hosts) : new Map<string, Set<string>>();
  const services = new Map<string, ListedService>();
  for (const object of definitions) {
    const description = textOf(object, "service_description");
    if (!object.isRegistered && (!options.isShinken || description === undefined)) continue;
    if (description === undefined) {
      faults.error(object.place, "service has no service_description");
      continue;
    }
    if (object.isRegistered && !object.values.has("host_name") && !object.values.has("hostgroup_name")) {
      faults.error(object.place, `service "${description}" names no host`);
    }
    const listed = object.isRegistered
      ? listHosts(object, { host: "host_name", group: "hostgroup_name" }, universe, options, faults)
      : hostsWithTags(object, tags);
    for (const { name, isDirect } of listed) {
      const host = hostObjects.get(name);
      for (const one of roundsOn(object, host, faults)) {
        const service = serviceOn(name, one, host);
        if (service !== null) addService(services, { ...service, isDirect }, faults);
      }
    }
    if (services.size >= limits.expanded) {
      faults.error(object.place, `more than ${limits.expanded} services; the rest is left out`);
      break;
    }
  }
  return [...services.values()].map(({ host, description, object }) => ({ host, description, object }));
}

interface ListedService extends NagiosService {
  readonly isDirect: boolean;
}

/** Adds a service unless one that goes before it is there. Nagios is silent when the one it drops came by a group. */
function addService(services: Map<string, ListedService>, service: ListedService, faults: FaultSink): void {
  const { host, description, object, isDirect } = service;
  const key = `${host}\u0000${description}`;
  const other = services.get(key);
  if (other !== undefined && (other.isDirect || !isDirect)) {
    if (isDirect !== other.isDirect) return;
    const where = `${other.object.place.file}:${other.object.place.line}`;
    faults.warn(object.place, `service "${description}" on host "${host}" is defined twice; the one at ${where} holds`);
    return;
  }
  services.set(key, service);
}

function hostsByTag(hosts: readonly NagiosHost[]): Map<string, Set<string>> {
  const byTag = new Map<string, Set<string>>();
  for (const { name, object } of hosts) {
    for (const tag of object.templates) byTag.set(tag, (byTag.get(tag) ?? new Set()).add(name));
  }
  return byTag;
}

/** The hosts of a service template: those with every tag of one of its entries (`linux&prod`). */
function hostsWithTags(object: NagiosObject, tags: ReadonlyMap<string, ReadonlySet<string>>): ListedHost[] {
  const found = new Set<string>();
  for (const entry of listOf(textOf(object, "host_name"))) {
    const wanted = entry.split("&").map((tag) => tags.get(tag.trim()) ?? new Set<string>());
    const [first = new Set<string>(), ...others] = wanted;
    for (const host of first) if (others.every((other) => other.has(host))) found.add(host);
  }
  return [...found].sort().map((name) => ({ name, isDirect: false }));
}

function roundsOn(object: NagiosObject, host: NagiosObject | undefined, faults: FaultSink): NagiosObject[] {
  const variable = textOf(object, "duplicate_foreach");
  if (variable === undefined) return [object];
  const list = host?.values.get(variable.toUpperCase());
  if (list === undefined) return [];
  const rounds = readRounds(list.value);
  if (rounds === null) {
    faults.error(
      list.place,
      `${variable} is no list of keys for duplicate_foreach, or too long a one: ${list.value.slice(0, 80)}`,
    );
    return [];
  }
  return rounds.map((round) => serviceOfRound(object, round));
}

/** The service as it is on one host, or null when the host does not want it. */
function serviceOn(hostName: string, object: NagiosObject, host: NagiosObject | undefined): NagiosService | null {
  const description = textOf(object, "service_description") ?? "";
  if (host === undefined) return { host: hostName, description, object };
  const excluded = listOf(textOf(host, "service_excludes"));
  const included = host.values.has("service_includes") ? listOf(textOf(host, "service_includes")) : null;
  if (excluded.some((name) => isNamed(description, name))) return null;
  if (included !== null && !included.some((name) => isNamed(description, name))) return null;
  const values = new Map<string, Directive>(object.values);
  if (!values.has("contacts") && !values.has("contact_groups")) {
    copy(host, values, "contacts");
    copy(host, values, "contact_groups");
  }
  for (const key of fromHost) if (!values.has(key)) copy(host, values, key);
  for (const directive of host.repeated) {
    if (directive.name !== "service_overrides") continue;
    const [, name = "", field = "", value = ""] = /^([^,]+),\s*(\S+)\s+(.*)$/.exec(directive.value) ?? [];
    if (name.trim() === description) values.set(field, { ...directive, name: field, value });
  }
  return { host: hostName, description, object: { ...object, values } };
}

function isNamed(description: string, name: string): boolean {
  if (!name.includes("*")) return description === name;
  const parts = name.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(description);
}

function copy(from: NagiosObject, to: Map<string, Directive>, key: string): void {
  const directive = from.values.get(key);
  if (directive !== undefined) to.set(key, directive);
}

/** Finds what nagios would not start with: a service without a command. */
export function checkServices(services: readonly NagiosService[], faults: FaultSink): void {
  const told = new Set<NagiosObject["place"]>();
  for (const { description, object } of services) {
    if (object.values.has("check_command") || told.has(object.place)) continue;
    told.add(object.place);
    faults.error(placeOf(object, "service_description"), `service "${description}" has no check_command`);
  }
}

/** A host with the names nagios gives it when it has none: alias and address are its name. Pure. */
export function withHostDefaults(name: string, object: NagiosObject): NagiosObject {
  return withValues(object, { alias: textOf(object, "alias") ?? name, address: textOf(object, "address") ?? name });
}
