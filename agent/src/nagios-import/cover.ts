import type { Monitored } from "@mycloud/checks/nagios-objects";
import type { ServiceSelector } from "@mycloud/protocol/selector";

// As many names as one list of a selector may have.
const maximum = 200;

/**
 * Selectors that together cover exactly these hosts and services, none twice: services of the same name on the same hosts share one. The order of the
 * objects does not matter. Pure.
 */
export function coverOf(objects: readonly Monitored[]): ServiceSelector[] {
  const hosts = objects.filter(({ service }) => service === null).map(({ host }) => host);
  const selectors: ServiceSelector[] = chunks(unique(hosts)).map((part) => ({ hosts: part, services: [] }));
  const services = objects.filter(({ service }) => service !== null);
  const hostsOfService = Map.groupBy(services, ({ service }) => service ?? "");
  const byHosts = new Map<string, { hosts: string[]; services: string[] }>();
  for (const service of [...hostsOfService.keys()].sort()) {
    const names = unique((hostsOfService.get(service) ?? []).map(({ host }) => host));
    const key = names.join("\u0000");
    const same = byHosts.get(key);
    if (same === undefined) byHosts.set(key, { hosts: names, services: [service] });
    else same.services.push(service);
  }
  for (const { hosts: names, services: descriptions } of byHosts.values()) {
    for (const hostPart of chunks(names)) {
      for (const part of chunks(descriptions)) selectors.push({ hosts: hostPart, services: part });
    }
  }
  return selectors;
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

/** A list in parts of at most 200. Pure. */
export function chunks<Item>(items: readonly Item[]): Item[][] {
  const parts: Item[][] = [];
  for (let at = 0; at < items.length; at += maximum) parts.push(items.slice(at, at + maximum));
  return parts;
}
