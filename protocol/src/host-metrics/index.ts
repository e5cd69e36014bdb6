// Metrics of hosts that nobody can reach: pushed over the agent's own channel, exposed again by the control plane.
export * from "./host-metrics.ts";
export * from "./metrics-endpoint.ts";
export * from "./metrics-push-definition.ts";
export * from "./remote-write.ts";
