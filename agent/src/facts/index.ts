// Facts: what the agent knows of its host, reported as labels so that checks can select by them.
export * from "./facts.ts";
