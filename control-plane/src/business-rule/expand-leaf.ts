import type { Leaf, NameFilter } from "@mycloud/checks/business-rule";
import { matchesPattern, matchesService, type ServiceSelector } from "@mycloud/protocol/selector";
import { compileSearch } from "../livestatus/regex/index.ts";

/** One thing a rule looks at. */
export interface RuleElementName {
  readonly hostId: number;
  readonly host: string;
  /** Null for the host itself. */
  readonly serviceId: number | null;
  readonly service: string | null;
}

/** A service as rules find it. */
export interface RuleService {
  readonly id: number;
  readonly name: string;
  readonly settings: { readonly variables: Readonly<Record<string, string>> };
}

/** A host as rules find it, stored or proposed. */
export interface RuleHost {
  readonly id: number;
  readonly name: string;
  readonly groups: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly settings: { readonly variables: Readonly<Record<string, string>> };
  readonly servicesByName: ReadonlyMap<string, RuleService>;
}

/** What leaves can stand for. */
export interface RuleInventory<Host extends RuleHost = RuleHost> {
  readonly hosts: readonly Host[];
  readonly hostByName: ReadonlyMap<string, Host>;
  readonly serviceGroups: ReadonlyMap<string, ServiceSelector>;
}

/** What a leaf stands for on a host, or what is wrong with it. The rule's own service is never a part of it. Pure. */
export function expandLeaf(
  leaf: Leaf,
  own: RuleHost,
  ownServiceId: number,
  inventory: RuleInventory,
): RuleElementName[] | string {
  let hosts: readonly RuleHost[];
  let isService: (host: RuleHost, service: RuleService) => boolean;
  try {
    hosts = leaf.host === null ? [own] : hostsOf(leaf.host, inventory);
    isService = leaf.service === null ? () => false : serviceTest(leaf.service, inventory);
  } catch (error) {
    return `the business rule has an invalid expression: ${error instanceof Error ? error.message : String(error)}`;
  }
  const found = hosts.flatMap((host): RuleElementName[] => {
    const name = { hostId: host.id, host: host.name };
    if (leaf.service === null) return [{ ...name, serviceId: null, service: null }];
    return [...host.servicesByName.values()]
      .filter((service) => service.id !== ownServiceId && isService(host, service))
      .map((service) => ({ ...name, serviceId: service.id, service: service.name }));
  });
  return found.length > 0 ? found : `the business rule looks at ${leafInWords(leaf, own)}, which there is none of`;
}

function hostsOf(filter: NameFilter, { hosts, hostByName }: RuleInventory): readonly RuleHost[] {
  const { kind, text } = filter;
  switch (kind) {
    case "name": {
      const host = hostByName.get(text);
      return host === undefined ? [] : [host];
    }
    case "wildcard":
      return hosts.filter((host) => matchesPattern(text, host.name));
    case "group":
      return hosts.filter((host) => host.groups.includes(text));
    case "regex": {
      const search = startingWith(text);
      return hosts.filter((host) => search(host.name));
    }
    case "label":
      return hosts.filter((host) => Object.hasOwn(host.labels, text) || lists(host.settings.variables, "LABELS", text));
    case "tag":
      return hosts.filter((host) => Object.hasOwn(host.labels, text) || lists(host.settings.variables, "TAGS", text));
  }
}

function serviceTest(
  { kind, text }: NameFilter,
  { serviceGroups }: RuleInventory,
): (host: RuleHost, service: RuleService) => boolean {
  switch (kind) {
    case "name":
      return (_host, service) => service.name === text;
    case "wildcard":
      return (_host, service) => matchesPattern(text, service.name);
    case "group": {
      const selector = serviceGroups.get(text);
      return (host, service) => selector !== undefined && matchesService(selector, host, service.name);
    }
    case "regex": {
      const search = startingWith(text);
      return (_host, service) => search(service.name);
    }
    case "label":
    case "tag":
      return (_host, service) => lists(service.settings.variables, "LABELS", text);
  }
}

/** As Python's re.match: from the first character on. In linear time, since an operator's expression must not stop the process. */
function startingWith(expression: string): (text: string) => boolean {
  return compileSearch(`^(${expression})`, false);
}

function lists(variables: Readonly<Record<string, string>>, name: string, wanted: string): boolean {
  return (variables[name] ?? "").split(/\s*,\s*/).includes(wanted);
}

function leafInWords({ host, service }: Leaf, own: RuleHost): string {
  const words = { name: "", wildcard: "", group: "g:", label: "l:", tag: "t:", regex: "r:" };
  const say = (filter: NameFilter) => `${words[filter.kind]}${filter.text}`;
  const hostText = host === null ? own.name : say(host);
  return service === null ? `host "${hostText}"` : `service "${hostText},${say(service)}"`;
}
