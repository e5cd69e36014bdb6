import { parseRule } from "@mycloud/checks/business-rule";
import type { PluginDescription } from "@mycloud/checks/plugin";
import { InputError } from "../error/index.ts";
import { businessRuleCommand } from "../monitored/index.ts";

/** How the command shows among the check commands. */
export const businessRuleDescription: PluginDescription = {
  name: businessRuleCommand,
  summary: "A business rule: the state follows from the states of other hosts and services.",
  notes:
    "Computed by the control plane, in Shinken's bp_rule grammar: `host`, `host,service`, `&`, `|`, `!`, parentheses, `N of:`, `P% of:`, `N,M,P of:`, and g: l: t: r: * for many at once. Nothing before the comma is the host that the service is on.",
  options: [],
  operands: { usage: "EXPRESSION [TEMPLATE]", description: "The rule, and optionally a template of the output." },
  examples: [
    { arguments: '"web1,http | web2,http"', description: "OK while one of two is" },
    { arguments: '"2 of: g:database,mysql"', description: "OK while at least two of a group are" },
  ],
};

/** What is wrong with the arguments of a check; null when nothing is, or it is no business rule. Pure. */
export function findRuleFault(command: string, checkArguments: readonly string[]): string | null {
  if (command !== businessRuleCommand) return null;
  if (checkArguments.length === 0) return "lacks the expression of the business rule";
  if (checkArguments.length > 2) return "has more than the expression and the template of the output";
  const parsed = parseRule(checkArguments[0] ?? "");
  return "fault" in parsed ? parsed.fault : null;
}

/** Throws InputError when a check is a business rule that cannot be read. */
export function refuseRuleFault(command: string, checkArguments: readonly string[]): void {
  const message = findRuleFault(command, checkArguments);
  if (message === null) return;
  const value = JSON.stringify(checkArguments[0] ?? "");
  throw new InputError(`the business rule ${value} ${message}`, [{ field: "arguments", value, message }]);
}
