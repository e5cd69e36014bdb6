// Downtimes: planned quiet. A downtime covers by selector, from its start to its end, also what is added meanwhile. Its start and end are noted
// once (started_at_ms, ended_at_ms) whoever notes them; at the end, what is still bad is told (notification/reevaluate-problems.ts).
export * from "./announce-downtimes.ts";
export * from "./downtime-clock.ts";
export * from "./downtime-effect.ts";
export * from "./load-live-downtimes.ts";
export * from "./materialise-recurring.ts";
export * from "./plan-downtimes.ts";
export { refuseSchedule } from "./plan-occurrences.ts";
export * from "./routes.ts";
