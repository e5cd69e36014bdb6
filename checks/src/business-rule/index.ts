// Business rules: a state computed from the states of others, in Shinken's bp_rule grammar. Pure.
//
// `h1,http & h2,http` is the worst of both, `|` the best; both in one expression need parentheses. `!` turns OK and CRITICAL round. `2 of: a & b & c`
// is OK when two are; `2,1,1 of:` says from how many OK, bad and CRITICAL ones on the state is OK, WARNING and CRITICAL; `75% of:` and `-1 of:` (all
// but one) count likewise. A name without a comma is a host; nothing before the comma is the rule's own host. `g:`, `l:`, `t:` and `r:` before a
// name stand for all of a group, with a label, with a tag, matching a regular expression; `*` stands for any text.
//
// Known differences from Shinken, all on purpose: what was never checked or is stale counts as UNKNOWN, not as OK; a negated host that is DOWN is OK;
// expressions that Shinken complains about on its console and goes on with are refused.
export * from "./evaluate.ts";
export * from "./expression.ts";
export * from "./format-output.ts";
export * from "./parse-rule.ts";
