// Seed: what a new installation starts with, so that the first agent is watched as soon as it enrols.
export * from "./default-checks.ts";
export * from "./seed-checks.ts";
