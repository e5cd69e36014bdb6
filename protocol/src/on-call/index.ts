// On-call rotations: whose turn it is.
export * from "./on-call-schedule.ts";
