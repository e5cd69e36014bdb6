import {
  evaluateRule,
  fillTemplate,
  type Leaf,
  type RuleElement,
  type RuleState,
  ruleOutput,
} from "@mycloud/checks/business-rule";
import type { ComputedResult } from "../computed-check/index.ts";
import type { CompiledRule } from "./compile-rules.ts";
import type { RuleElementName } from "./expand-leaf.ts";

/** What something a rule looks at counts as, and shows. */
export interface LeafState {
  readonly state: RuleState;
  readonly shown: string;
  readonly output: string;
}

const gone: LeafState = { state: 3, shown: "GONE", output: "" };

/** Computes a rule from what its leaves count as now. Pure. */
export function computeRule(
  compiled: CompiledRule,
  stateOf: (element: RuleElementName) => LeafState | undefined,
): ComputedResult {
  const { rule, fault, template, elements, hostName, serviceName } = compiled;
  if (rule === null) return { state: 3, output: `UNKNOWN - ${fault ?? "the business rule cannot be computed"}` };
  const read = (element: RuleElementName) => stateOf(element) ?? gone;
  const state = evaluateRule(rule, (leaf: Leaf) => (elements.get(leaf) ?? []).map((element) => read(element).state));
  // Something named twice is one thing.
  const once = new Map<string, RuleElement>();
  for (const element of [...elements.values()].flat()) {
    const { host, service } = element;
    once.set(`${host}\n${service ?? ""}`, { host, service, ...read(element) });
  }
  const all = [...once.values()];
  const output =
    template === null
      ? ruleOutput(state, all)
      : fillTemplate(template, { host: hostName, service: serviceName, state }, all);
  return { state, output };
}
