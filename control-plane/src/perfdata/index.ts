// Perfdata over time. Results keep their perfdata as text for 48 hours; a job under a lease parses it into rollups of a minute (kept 30 days) and
// a quarter of an hour (kept a year), after a watermark that moves in the same transaction. A chart reads the finest source that still
// covers its range, in base units; a counter is drawn as its rate; where nothing was measured there is nothing.
export * from "./bucket-points.ts";
export * from "./read-series.ts";
export * from "./roll-up.ts";
export * from "./routes.ts";
