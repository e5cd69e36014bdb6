import { isExpandable, type Leaf, type Of, type RuleNode, type Share } from "./expression.ts";

/** 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. */
export type RuleState = 0 | 1 | 2 | 3;

/** The states of what a leaf stands for; none when there is nothing. A host's DOWN and UNREACHABLE are 2. */
export type StatesOf = (leaf: Leaf) => readonly RuleState[];

/** The state of a rule, as Shinken computes it. A leaf that stands for nothing is UNKNOWN. Pure. */
export function evaluateRule(node: RuleNode, statesOf: StatesOf): RuleState {
  const state = evaluatePlain(node, statesOf);
  return node.isNegated ? reverse(state) : state;
}

function evaluatePlain(node: RuleNode, statesOf: StatesOf): RuleState {
  if (node.kind === "leaf") return worst(statesOf(node));
  if (node.kind === "of") return evaluateOf(node, statesOf);
  const states = node.sons.map((son) => evaluateRule(son, statesOf));
  return node.kind === "any" ? best(states) : worst(states);
}

function evaluateOf(node: Of, statesOf: StatesOf): RuleState {
  const states = sonStates(node, statesOf);
  const total = states.length;
  if (total === 0) return 3;
  const count = (...wanted: RuleState[]) => states.filter((state) => wanted.includes(state)).length;
  const all: Share = { count: total, isPercent: false };
  if (reaches(count(2), node.critical ?? all, total)) return 2;
  if (reaches(count(1, 2), node.warning ?? all, total)) return 1;
  if (reaches(count(0), node.ok, total)) return 0;
  // Not even OK holds: the form with three numbers is then OK all the same, the simple one as bad as its worst son.
  return node.critical === null ? worst(states) : 0;
}

/** What `of:` counts: what a single pattern stands for, or else its sons, each with one state. */
function sonStates({ sons }: Of, statesOf: StatesOf): readonly RuleState[] {
  const [only] = sons;
  if (sons.length === 1 && only?.kind === "leaf" && !only.isNegated && isExpandable(only)) return statesOf(only);
  return sons.map((son) => evaluateRule(son, statesOf));
}

function reaches(found: number, { count, isPercent }: Share, total: number): boolean {
  if (isPercent) return (found / total) * 100 >= (count < 0 ? Math.max(100 + count, 0) : count);
  // Shinken writes the number of sons for a 0.
  const wanted = count === 0 ? total : count < 0 ? Math.max(total + count, 0) : count;
  return found >= wanted;
}

/** CRITICAL is worse than UNKNOWN. */
function worst(states: readonly RuleState[]): RuleState {
  if (states.length === 0) return 3;
  return states.includes(2) ? 2 : (Math.max(...states) as RuleState);
}

function best(states: readonly RuleState[]): RuleState {
  return states.length === 0 ? 3 : (Math.min(...states) as RuleState);
}

/** WARNING and UNKNOWN stay what they are. */
function reverse(state: RuleState): RuleState {
  if (state === 0) return 2;
  return state === 2 ? 0 : state;
}
