/** Where a rule stands with an open problem, as it is stored. */
export interface RuleSchedule {
  readonly ruleId: number;
  /** How many times the rule has told of the problem. */
  readonly count: number;
  /** When to ask again, ms UTC; null = there is nothing to come. */
  readonly dueAtMs: number | null;
  /** When those who know are told again, or an escalation begins; a rule that is asked before then tells only who does not know yet. */
  readonly repeatAtMs: number | null;
}

/** The earlier of instants that may be never. Pure. */
export function earliest(...instants: readonly (number | null)[]): number | null {
  const known = instants.filter((instant) => instant !== null);
  return known.length === 0 ? null : Math.min(...known);
}
