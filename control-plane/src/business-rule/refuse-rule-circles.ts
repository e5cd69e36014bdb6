import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { InputError } from "../error/index.ts";
import { DefinitionCache } from "../monitored/index.ts";
import { circleInWords, findCircle } from "../reachability/find-circle.ts";
import { compileRules } from "./compile-rules.ts";

/** Throws InputError when business rules look at each other in a circle. Call in the transaction that wrote checks, after the writing. */
export async function refuseRuleCircles(tx: Executor, dialect: Dialect): Promise<void> {
  // A cache of its own: what this transaction wrote is nobody else's yet.
  const rules = await compileRules(tx, new DefinitionCache({ dialect }));
  const names = new Map(rules.map((rule) => [rule.serviceId, `${rule.hostName}/${rule.serviceName}`]));
  const edges = rules.map(({ serviceId, elements }): [string, string[]] => {
    const lookedAt = [...elements.values()].flat().flatMap((element) => names.get(element.serviceId ?? -1) ?? []);
    return [names.get(serviceId) ?? "", lookedAt];
  });
  refuseRuleCircle(new Map(edges));
}

/** Throws InputError when rules, by name, lead back to themselves by way of those that they look at. Pure. */
export function refuseRuleCircle(edges: ReadonlyMap<string, readonly string[]>): void {
  const circle = findCircle(edges);
  if (circle === null) return;
  const value = circleInWords(circle);
  const message = "business rules look at each other";
  throw new InputError(`arguments: ${message}: ${value}`, [{ field: "arguments", value, message }]);
}
