// What the agent knows about itself, for `mycloud agent status` and the checks `agent` and `clock`.
export * from "./agent-status-file.ts";
export * from "./contact.ts";
