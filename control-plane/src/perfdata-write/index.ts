// Perfdata written on: what a result measured goes to remote writes once the result is stored, at the result's own time. Gathered for a second, so that the
// disk is not asked for each; that second is what a killed process may lose of what a store elsewhere gets, and nothing of what is kept here.
export * from "./perfdata-samples.ts";
export * from "./perfdata-writes.ts";
