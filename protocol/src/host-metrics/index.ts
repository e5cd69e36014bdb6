// Metrics of hosts that nobody can reach: pushed over the agent's own channel, exposed again by the control plane.
export * from "./host-metrics.ts";
