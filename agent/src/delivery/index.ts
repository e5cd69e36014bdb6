// Delivery: takes batches from the spool to the control plane, oldest first, at least once.
export * from "./deliver-oldest.ts";
