import type { ServiceSelector } from "@mycloud/protocol/selector";

/** The services that are covered by name on each host, and "" for the host itself; by the host's name. */
export type NamesByHost = ReadonlyMap<string, ReadonlySet<string>>;

const namesPerSelector = 200;

/** The fewest selectors that cover these names: hosts on which the same is covered share theirs. Pure. */
export function selectorsOfNames(names: NamesByHost): ServiceSelector[] {
  const bySet = new Map<string, { readonly services: readonly string[]; readonly hosts: string[] }>();
  for (const [host, covered] of names) {
    if (covered.size === 0) continue;
    const services = [...covered].sort();
    const key = JSON.stringify(services);
    const same = bySet.get(key) ?? { services, hosts: [] };
    same.hosts.push(host);
    bySet.set(key, same);
  }
  return [...bySet.values()].flatMap(({ services, hosts }) => selectorsOfSet(services, hosts.sort()));
}

function selectorsOfSet(services: readonly string[], hosts: readonly string[]): ServiceSelector[] {
  const names = services.filter((service) => service !== "");
  const serviceLists: string[][] = names.length < services.length ? [[]] : [];
  for (let at = 0; at < names.length; at += namesPerSelector) serviceLists.push(names.slice(at, at + namesPerSelector));
  const selectors: ServiceSelector[] = [];
  for (let at = 0; at < hosts.length; at += namesPerSelector) {
    for (const list of serviceLists) selectors.push({ hosts: hosts.slice(at, at + namesPerSelector), services: list });
  }
  return selectors;
}

/** What selectors made by `selectorsOfNames` cover. Pure. */
export function namesOfSelectors(selectors: readonly ServiceSelector[]): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const { hosts = [], services = [] } of selectors) {
    for (const host of hosts) {
      const covered = names.get(host) ?? new Set();
      names.set(host, covered);
      if (services.length === 0) covered.add("");
      for (const service of services) covered.add(service);
    }
  }
  return names;
}
