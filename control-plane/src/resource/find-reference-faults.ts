import type { InputIssue } from "@mycloud/protocol/error";
import type { ResourceDefinition } from "@mycloud/protocol/resource";
import { findRuleFault } from "../business-rule/command.ts";
import { findReferences } from "../definition/find-references.ts";
import { findLogCheckFault } from "../log-check/command.ts";
import { findProberFaults } from "../prober/find-prober-faults.ts";
import { definitionKey, titleOf } from "./definition.ts";
import type { PlannedChange } from "./plan-changes.ts";

/**
 * Finds what definitions name and what will not be there after the plan: a service's host, a rule's contact, a check's command. `stored` is
 * everything stored; `commands` null when they are known to be there. Pure.
 */
export function findReferenceFaults(
  changes: readonly PlannedChange[],
  stored: readonly ResourceDefinition[],
  commands: ReadonlySet<string> | null,
): InputIssue[] {
  const names = new Set(stored.map(definitionKey));
  for (const { before, after } of changes) {
    if (after !== null) names.add(definitionKey(after));
    else if (before !== null) names.delete(definitionKey(before));
  }
  const customerOf = customersOfHosts(changes, stored);
  const issues: InputIssue[] = [];
  for (const { after, action } of changes) {
    if (after === null || action === "unchanged") continue;
    const label = definitionKey(after);
    issues.push(...proberFaults(after, customerOf));
    if (after.kind === "Check" && commands?.has(after.spec.command) === false) {
      issues.push({
        field: `${label}: spec.command`,
        value: JSON.stringify(after.spec.command),
        message: "there is no such check command",
      });
    }
    const ruleFault = after.kind === "Check" ? findRuleFault(after.spec.command, after.spec.arguments) : null;
    if (ruleFault !== null)
      issues.push({ field: `${label}: spec.arguments`, message: `the business rule ${ruleFault}` });
    const logFault = after.kind === "Check" ? findLogCheckFault(after.spec.command, after.spec.arguments) : null;
    if (logFault !== null) issues.push({ field: `${label}: spec.arguments`, message: `the log check: ${logFault}` });
    for (const { kind, name, field } of findReferences(after)) {
      if (names.has(`${kind} ${name}`)) continue;
      const message = `there is no such ${titleOf(kind)}`;
      issues.push({ field: `${label}: ${field}`, value: JSON.stringify(name), message });
    }
  }
  return issues;
}

function proberFaults(
  definition: ResourceDefinition,
  customerOf: ReadonlyMap<string, string | null>,
): readonly InputIssue[] {
  if (definition.kind !== "Host") return [];
  const subject = { name: definition.name, ...definition.spec };
  return findProberFaults(subject, (prober) => customerOf.get(prober)).map(({ name, message }) => ({
    field: `${definitionKey(definition)}: spec.probers`,
    value: JSON.stringify(name),
    message,
  }));
}

/** The customers of hosts by name, as they will be after the plan. */
function customersOfHosts(
  changes: readonly PlannedChange[],
  stored: readonly ResourceDefinition[],
): ReadonlyMap<string, string | null> {
  const planned = changes.flatMap(({ after }) => after ?? []);
  const hosts = [...stored, ...planned].flatMap((definition) => (definition.kind === "Host" ? definition : []));
  return new Map(hosts.map((host) => [host.name, host.spec.customer]));
}
