// Facts: what the agent knows of its host, reported as labels so that checks can select by them; and the addresses that others reach it by.
export * from "./addresses.ts";
export * from "./facts.ts";
