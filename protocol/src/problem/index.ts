// Problems: what is wrong now, and since when.
export * from "./problem.ts";
