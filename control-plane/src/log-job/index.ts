// Log jobs: what of a host's logs its agent reads, and where it sends it. Made of the log sources whose selectors match the host and of the destinations
// that they name; the control plane's own receiver is one, with credentials that follow from the master key and the agent's id.
export * from "./agent-credentials.ts";
export * from "./find-log-jobs.ts";
export * from "./forward-endpoint.ts";
export * from "./plan-log-jobs.ts";
