// Availability reports: for what share of a time objects were in which state. The arithmetic is pure: the history of states becomes stretches that
// cover the range exactly; outages, downtimes and the time period are laid over them; durations are added up. Time of which nothing is known
// (no result yet, stale, nobody watching) is a share of its own.
export * from "./add-up.ts";
export * from "./build-history.ts";
export * from "./format-csv.ts";
export * from "./measure-object.ts";
export * from "./overlay-spans.ts";
export * from "./period-spans.ts";
export * from "./read-availability.ts";
export * from "./routes.ts";
