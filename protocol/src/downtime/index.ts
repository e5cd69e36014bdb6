// Downtimes: planned quiet.
export * from "./downtime.ts";
export * from "./recurring-downtime.ts";
