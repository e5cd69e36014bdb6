// State changes: the history of a host's or service's state.
export * from "./state-change.ts";
