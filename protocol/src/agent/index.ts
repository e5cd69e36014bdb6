// What agent and control plane say to each other.
export * from "./agent.ts";
export * from "./agent-command.ts";
