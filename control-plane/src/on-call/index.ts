// On-call rotations: whose turn it is at an instant, by the wall clock of the schedule's zone. Pure; nothing is stored about turns, so a rotation that is
// changed is changed for the past as well.
export * from "./on-call-at.ts";
