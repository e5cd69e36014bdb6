// The state machine: what a check result makes of what was known before. Pure; the control plane stores what it returns.
//
// A result that is not OK is not believed at once. The state is SOFT while attempts 1 to max check attempts run, and
// HARD from then on; only HARD states are told to people. A SOFT state that turns OK is a soft recovery: nobody hears
// of it. A host's passive result is HARD at once, because nobody asks again in between. An object whose state changes
// too often within its last 21 states is flapping. An object whose results stop coming is stale: nothing is known of
// it, so it is never shown green. Before its first result it is PENDING. A host that is not UP while every host it is reached
// through is not UP either is UNREACHABLE: its own problem, if it has one, cannot be seen.
//
// For the same passive results the sequence of states is nagios 4.4's, event by event; an acceptance test feeds both.
// Known differences, all on purpose: only its own results count for a host's flapping (nagios4 also counts its present
// state whenever one of its services reports); a passive result that finds an active SOFT host problem reports the HARD
// change; the recovery of a host problem that a passive result made HARD is HARD also when an active result brings it.
export * from "./accept-result.ts";
export * from "./change-reachability.ts";
export * from "./check-policy.ts";
export * from "./mark-stale.ts";
export * from "./monitored-state.ts";
export * from "./state-event.ts";
