// Dependencies: while a master is in one of the states named, what depends on it is not checked (its agent holds the check), or nobody is told of its
// problems, for those are the master's. A master counts with its last HARD state, as in nagios. What depends on itself does not. An agent hears within
// seconds which of its checks are held; a result that comes nevertheless, late or sent by somebody, is taken as any other.
export * from "./dependency-index.ts";
export * from "./dependency-judge.ts";
export * from "./find-dependency-circle.ts";
export * from "./find-held-checks.ts";
export * from "./master-states.ts";
export * from "./notification-blocks.ts";
export * from "./watch-held-checks.ts";
