import { type Leaf, leavesOf, type NameFilter, parseRule, type RuleNode } from "@mycloud/checks/business-rule";
import { ServiceGroupInput } from "@mycloud/protocol/group";
import { matchesPattern, matchesService, type ServiceSelector } from "@mycloud/protocol/selector";
import { z } from "zod";
import { replaceMacros } from "../agent/replace-macros.ts";
import type { Executor } from "../database/dialect/dialect.ts";
import { compileSearch } from "../livestatus/regex/index.ts";
import {
  businessRuleCommand,
  type DefinitionCache,
  type MonitoredHost,
  type MonitoredService,
} from "../monitored/index.ts";

/** One thing a rule looks at. */
export interface RuleElementName {
  readonly hostId: number;
  readonly host: string;
  /** Null for the host itself. */
  readonly serviceId: number | null;
  readonly service: string | null;
}

/** A rule on one host, its leaves found. */
export interface CompiledRule {
  readonly serviceId: number;
  readonly serviceName: string;
  readonly hostId: number;
  readonly hostName: string;
  /** Null when it cannot be computed; `fault` then says why. */
  readonly rule: RuleNode | null;
  readonly fault: string | null;
  readonly template: string | null;
  /** What each leaf stands for. */
  readonly elements: ReadonlyMap<Leaf, readonly RuleElementName[]>;
  readonly checkIntervalMs: number;
  readonly retryIntervalMs: number;
  readonly maxCheckAttempts: number;
  /** The time period in which it is computed; always when null. */
  readonly checkPeriod: string | null;
}

const Arguments = z.array(z.string());

/** Reads every business rule that is enabled, one for each host it is on, and finds what its leaves stand for. */
export async function compileRules(executor: Executor, definitions: DefinitionCache): Promise<CompiledRule[]> {
  const rows = await executor
    .selectFrom("service")
    .innerJoin("check_definition", "check_definition.id", "service.check_id")
    .select(["service.id", "service.host_id", "service.name", "arguments_json"])
    .select(["check_interval_seconds", "retry_interval_seconds", "check_definition.max_check_attempts"])
    .where("check_definition.command", "=", businessRuleCommand)
    .where("check_definition.is_enabled", "=", 1)
    .orderBy("service.id")
    .execute();
  if (rows.length === 0) return [];
  const own = await definitions.hostsById(executor, new Set(rows.map((row) => row.host_id)));
  const written = rows.flatMap((row) => {
    const host = own.get(row.host_id);
    const service = host && definitions.serviceOf(host, row.id);
    if (host === undefined || service?.settings.isActiveCheckEnabled === false) return [];
    const [expression = "", template = null] = Arguments.parse(JSON.parse(row.arguments_json));
    const checkPeriod = service?.settings.checkPeriod ?? null;
    return [{ row, host, template, checkPeriod, parsed: parseRule(replaceMacros(expression, host)) }];
  });
  const leaves = written.flatMap(({ parsed }) => ("rule" in parsed ? leavesOf(parsed.rule) : []));
  const inventory = await findInventory(executor, definitions, leaves);
  return written.map(({ row, host, template, checkPeriod, parsed }) => {
    const elements = new Map<Leaf, readonly RuleElementName[]>();
    let fault = "fault" in parsed ? `the business rule ${parsed.fault}` : null;
    for (const leaf of "rule" in parsed ? leavesOf(parsed.rule) : []) {
      const found = expand(leaf, host, row.id, inventory);
      if (typeof found === "string") fault ??= found;
      else elements.set(leaf, found);
    }
    return {
      serviceId: row.id,
      serviceName: row.name,
      hostId: host.id,
      hostName: host.name,
      rule: fault === null && "rule" in parsed ? parsed.rule : null,
      fault,
      template,
      elements,
      checkIntervalMs: row.check_interval_seconds * 1000,
      retryIntervalMs: row.retry_interval_seconds * 1000,
      maxCheckAttempts: row.max_check_attempts,
      checkPeriod,
    };
  });
}

/** What leaves can stand for. */
interface Inventory {
  readonly hosts: readonly MonitoredHost[];
  readonly hostByName: ReadonlyMap<string, MonitoredHost>;
  readonly serviceGroups: ReadonlyMap<string, ServiceSelector>;
}

async function findInventory(
  executor: Executor,
  definitions: DefinitionCache,
  leaves: readonly Leaf[],
): Promise<Inventory> {
  const needsAll = leaves.some(({ host }) => host !== null && host.kind !== "name");
  const names = new Set(leaves.flatMap(({ host }) => (host?.kind === "name" ? host.text : [])));
  const hosts = new Map(await definitions.hostsByName(executor, names));
  if (needsAll) {
    const ids = await executor.selectFrom("host").select("id").execute();
    for (const host of (await definitions.hostsById(executor, new Set(ids.map((row) => row.id)))).values()) {
      hosts.set(host.name, host);
    }
  }
  const serviceGroups = new Map<string, ServiceSelector>();
  if (leaves.some(({ service }) => service?.kind === "group")) {
    const groups = executor.selectFrom("definition").select(["name", "spec_json"]).where("kind", "=", "ServiceGroup");
    for (const { name, spec_json: json } of await groups.execute()) {
      serviceGroups.set(name, ServiceGroupInput.parse({ ...Object(JSON.parse(json)), name }).selector);
    }
  }
  return { hosts: [...hosts.values()], hostByName: hosts, serviceGroups };
}

/** What a leaf stands for on a host, or what is wrong with it. The rule's own service is never a part of it. */
function expand(
  leaf: Leaf,
  own: MonitoredHost,
  ownServiceId: number,
  inventory: Inventory,
): RuleElementName[] | string {
  let hosts: readonly MonitoredHost[];
  let isService: (host: MonitoredHost, service: MonitoredService) => boolean;
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

function hostsOf(filter: NameFilter, { hosts, hostByName }: Inventory): readonly MonitoredHost[] {
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
  { serviceGroups }: Inventory,
): (host: MonitoredHost, service: MonitoredService) => boolean {
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

function leafInWords({ host, service }: Leaf, own: MonitoredHost): string {
  const words = { name: "", wildcard: "", group: "g:", label: "l:", tag: "t:", regex: "r:" };
  const say = (filter: NameFilter) => `${words[filter.kind]}${filter.text}`;
  const hostText = host === null ? own.name : say(host);
  return service === null ? `host "${hostText}"` : `service "${hostText},${say(service)}"`;
}
