// The agent's configuration as the control plane computed it: kept on disk, so that the agent starts without the control plane.
export * from "./configuration-cache.ts";
