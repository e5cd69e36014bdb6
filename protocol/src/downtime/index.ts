// Downtimes: planned quiet.
export * from "./downtime.ts";
