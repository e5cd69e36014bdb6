import { matchesService, type ServiceSelector } from "@mycloud/protocol/selector";
import { type AlertObject, coverageOf } from "./alert-object.ts";
import { directSelector } from "./direct-selector.ts";
import { compileMatchers, type Matcher } from "./matcher.ts";

/** The downtimes that say what matchers say. */
export interface Cover {
  readonly selectors: readonly ServiceSelector[];
  /** Why some of what the matchers mean cannot be said by downtimes, which leave it out; null when all is said. */
  readonly fault: string | null;
}

const namesPerSelector = 200;
const maximumSelectors = 300;

/**
 * Works out selectors that cover exactly the objects whose alerts meet the matchers, and never another: one that also covers what is added
 * later where a selector can say it, else selectors by name, to be worked out again when objects change. Throws InputError for a regular
 * expression that is not understood. Pure.
 */
export function planCover(matchers: readonly Matcher[], objects: readonly AlertObject[]): Cover {
  const matches = compileMatchers(matchers);
  const direct = directSelector(matchers);
  const faults: string[] = [];
  const byHost = Map.groupBy(objects, ({ host }) => host.name);
  /** Hosts by the set of services (and "" for the host itself) that is covered on them. */
  const hostsBySet = new Map<string, { readonly services: string[]; readonly hosts: string[] }>();
  for (const [name, own] of byHost) {
    const covered: AlertObject[] = [];
    for (const object of own) {
      const coverage = coverageOf(matches, object);
      if (coverage === "covered") covered.push(object);
      if (coverage === "by severity" && faults.length === 0) faults.push(severityFault(object));
    }
    const isDirect = ({ host, serviceName }: AlertObject) =>
      direct !== null && matchesService(direct, host, serviceName ?? undefined);
    const named = covered.filter((object) => !isDirect(object));
    const missing = own.find((object) => !covered.includes(object));
    const isHostNamed = named.some(({ serviceName }) => serviceName === null);
    // A host's downtime keeps all its services quiet, as in Nagios.
    if (isHostNamed && missing !== undefined) faults.push(hostFault(name, missing.serviceName));
    const services = named
      .filter(({ serviceName }) => serviceName !== null || missing === undefined)
      .map(({ serviceName }) => serviceName ?? "")
      .sort();
    if (services.length === 0) continue;
    const key = JSON.stringify(services);
    const same = hostsBySet.get(key) ?? { services, hosts: [] };
    same.hosts.push(name);
    hostsBySet.set(key, same);
  }
  const selectors = [...(direct === null ? [] : [direct]), ...[...hostsBySet.values()].flatMap(selectorsOf)];
  if (selectors.length > maximumSelectors) {
    const fault = `the matchers cover ${byHost.size} hosts in more than ${maximumSelectors} different ways; name hosts or services instead`;
    return { selectors: selectors.slice(0, maximumSelectors), fault };
  }
  return { selectors, fault: faults[0] ?? null };
}

function selectorsOf({
  services,
  hosts,
}: {
  readonly services: string[];
  readonly hosts: string[];
}): ServiceSelector[] {
  const names = services.filter((service) => service !== "");
  const serviceLists: string[][] = names.length < services.length ? [[]] : [];
  for (let at = 0; at < names.length; at += namesPerSelector) serviceLists.push(names.slice(at, at + namesPerSelector));
  const sorted = [...hosts].sort();
  const selectors: ServiceSelector[] = [];
  for (let at = 0; at < sorted.length; at += namesPerSelector) {
    for (const list of serviceLists) selectors.push({ hosts: sorted.slice(at, at + namesPerSelector), services: list });
  }
  return selectors;
}

function severityFault({ host, serviceName }: AlertObject): string {
  const what = serviceName === null ? `host "${host.name}"` : `service "${serviceName}" of host "${host.name}"`;
  return `severity follows the state of ${what}, and a downtime covers it in every state; leave the matcher on severity out`;
}

function hostFault(host: string, service: string | null): string {
  return `the matchers mean host "${host}" itself but not its service "${service}", and a downtime of a host keeps its services quiet too; match the services as well`;
}
