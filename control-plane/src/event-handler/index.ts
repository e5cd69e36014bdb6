// Event handlers: what agents do about a state by themselves. A state change is held against every enabled definition (`wants-change.ts`, pure);
// what matches becomes a command to an agent, with Nagios' macros, in the transaction that stores the change, so that a change sets each
// handler off once or, when that transaction is undone, never. A command that no agent took in time expires: an old remedy may be poison. As in
// Nagios a downtime keeps no event handler from running; the macros HOSTDOWNTIME and SERVICEDOWNTIME say that there is one.
export * from "./create-event-handlers.ts";
export * from "./find-runs.ts";
