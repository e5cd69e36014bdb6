import { leavesOf, parseRule } from "@mycloud/checks/business-rule";
import type { ResourceDefinition } from "@mycloud/protocol/resource";
import type { ServiceSelector } from "@mycloud/protocol/selector";
import { replaceMacros } from "../agent/replace-macros.ts";
import { expandLeaf, type RuleHost, type RuleInventory, type RuleService } from "../business-rule/expand-leaf.ts";
import { refuseRuleCircle } from "../business-rule/refuse-rule-circles.ts";
import { businessRuleCommand } from "../monitored/index.ts";
import type { PlannedChange } from "../resource/plan-changes.ts";
import type { ServiceEffect } from "./find-service-conflicts.ts";
import { isWrite } from "./plan-steps.ts";

type CheckDefinition = ResourceDefinition & { readonly kind: "Check" };

/** As `refuseRuleCircles`, of definitions that are not stored yet: all there will be, with the services they come to. Pure. */
export function refuseProposedRuleCircles(
  planned: readonly PlannedChange[],
  definitions: readonly ResourceDefinition[],
  effect: Pick<ServiceEffect, "hosts" | "services">,
): void {
  const isRuleWritten = planned.some((change) => isWrite(change) && change.after !== null && isRule(change.after));
  if (!isRuleWritten) return;
  const { inventory, rules } = proposedRules(definitions, effect);
  const names = new Map(rules.map(({ id, host, name }) => [id, `${host.name}/${name}`]));
  const edges = rules.map(({ id, host, check }): [string, string[]] => {
    const parsed = parseRule(replaceMacros(check.spec.arguments[0] ?? "", host));
    const leaves = "rule" in parsed ? leavesOf(parsed.rule) : [];
    const found = leaves.flatMap((leaf) => {
      const elements = expandLeaf(leaf, host, id, inventory);
      return typeof elements === "string" ? [] : elements;
    });
    return [names.get(id) ?? "", found.flatMap(({ serviceId }) => names.get(serviceId ?? -1) ?? [])];
  });
  refuseRuleCircle(new Map(edges));
}

function isRule(definition: ResourceDefinition): definition is CheckDefinition {
  return definition.kind === "Check" && definition.spec.command === businessRuleCommand;
}

/** A rule on one host. */
interface ProposedRule {
  readonly id: number;
  readonly name: string;
  readonly host: RuleHost & { readonly address: string | null };
  readonly check: CheckDefinition;
}

function proposedRules(
  definitions: readonly ResourceDefinition[],
  { hosts, services }: Pick<ServiceEffect, "hosts" | "services">,
): { readonly inventory: RuleInventory; readonly rules: readonly ProposedRule[] } {
  const checks = new Map<string, CheckDefinition>();
  const variables = new Map<string, Readonly<Record<string, string>>>();
  const addresses = new Map<string, string | null>();
  const serviceGroups = new Map<string, ServiceSelector>();
  for (const definition of definitions) {
    if (definition.kind === "Check") checks.set(definition.name, definition);
    if (definition.kind === "ServiceGroup") serviceGroups.set(definition.name, definition.spec.selector);
    if (definition.kind === "Host") addresses.set(definition.name, definition.spec.address);
    if (definition.kind === "Host") variables.set(definition.name, definition.spec.variables);
    if (definition.kind === "Service")
      variables.set(`${definition.host}/${definition.name}`, definition.spec.variables);
  }
  const byHost = Map.groupBy(services(), ({ hostId }) => hostId);
  const rules: ProposedRule[] = [];
  let id = 0;
  const ruleHosts = hosts.map(({ id: hostId, name, groups, labels }) => {
    const servicesByName = new Map<string, RuleService>();
    const settings = { variables: variables.get(name) ?? {} };
    const host = { id: hostId, name, groups, labels, settings, servicesByName, address: addresses.get(name) ?? null };
    for (const service of byHost.get(hostId) ?? []) {
      const check = service.check === null ? undefined : checks.get(service.check);
      const own = check?.spec.variables ?? variables.get(`${name}/${service.name}`) ?? {};
      servicesByName.set(service.name, { id: ++id, name: service.name, settings: { variables: own } });
      const isComputed = check !== undefined && isRule(check) && check.spec.isEnabled;
      if (isComputed && check.spec.isActiveCheckEnabled) rules.push({ id, name: service.name, host, check });
    }
    return host;
  });
  const hostByName = new Map(ruleHosts.map((host) => [host.name, host]));
  return { inventory: { hosts: ruleHosts, hostByName, serviceGroups }, rules };
}
