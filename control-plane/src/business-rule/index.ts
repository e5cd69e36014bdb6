// Business rules at work: a check with the command `bp_rule` is computed here instead of by an agent. Its first argument is the expression, its second,
// if there is one, a template of the output (Shinken: business_rule_output_template). Leaves count with their last HARD state. A rule is computed
// again when one of its leaves has news, and submits a result when its state or output changed, or its interval has passed: so that attempts go on.
// Outside its check period, or while a dependency holds it, it is not computed and stays as it was, as a check that an agent runs does.
// `l:NAME` are hosts with the label, or hosts and services that list it in their variable LABELS; `t:NAME` are hosts that list it in TAGS or have the label.
export * from "./command.ts";
export * from "./compile-rules.ts";
export * from "./create-business-rules.ts";
export * from "./refuse-rule-circles.ts";
