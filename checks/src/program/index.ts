// Other programs, run without a shell in a process group of their own, so that a timeout ends all they started.
export * from "./program-environment.ts";
export * from "./run-program.ts";
