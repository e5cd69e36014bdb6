// Loops that talk to the control plane: woken when there is something to do, patient when it does not answer.
export * from "./retry-loop.ts";
export * from "./sleep.ts";
