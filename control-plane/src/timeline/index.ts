// The timeline: changes of state, notifications, acknowledgements, downtimes, comments, changed definitions, starts of agents, operators' commands and
// outages of the control plane, in the order in which they happened. Nothing is stored for it: every source is a table that is there anyway, read from
// the newest entry on and merged a page at a time.
export * from "./read-timeline.ts";
export * from "./routes.ts";
