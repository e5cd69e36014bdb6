// What a host logged around the beginning of a problem.
export * from "./problem-log.ts";
