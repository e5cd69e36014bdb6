// Checks: what is run, where and how often.
export * from "./check.ts";
