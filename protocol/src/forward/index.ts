// Forwards: results passed on to another monitoring system.
export * from "./forward.ts";
