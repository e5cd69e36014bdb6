import { type Leaf, leavesOf, parseRule, type RuleNode } from "@mycloud/checks/business-rule";
import { ServiceGroupInput } from "@mycloud/protocol/group";
import type { ServiceSelector } from "@mycloud/protocol/selector";
import { z } from "zod";
import { replaceMacros } from "../agent/replace-macros.ts";
import type { Executor } from "../database/dialect/dialect.ts";
import { businessRuleCommand, type DefinitionCache, type MonitoredHost } from "../monitored/index.ts";
import { expandLeaf, type RuleElementName, type RuleInventory } from "./expand-leaf.ts";

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

/** What leaves can stand for. */
type Inventory = RuleInventory<MonitoredHost>;

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
      const found = expandLeaf(leaf, host, row.id, inventory);
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
