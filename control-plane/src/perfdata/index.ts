// Perfdata over time. Results keep their perfdata as text for 48 hours; a job under a lease parses it into rollups of a minute (kept 30 days) and
// a quarter of an hour (kept a year), after a watermark that moves in the same transaction. A chart reads the finest source that still
// covers its range, in base units; a counter is drawn as its rate; where nothing was measured there is nothing.
//
// Where a chart reads from is a `PerfdataSource`: SQL, or a Prometheus-compatible server that remote write feeds (`metrics-source.ts`). Both draw the
// same buckets; one contract test holds them against each other.
export * from "./bucket-points.ts";
export * from "./metrics-server.ts";
export * from "./metrics-source.ts";
export * from "./perfdata-source.ts";
export * from "./read-series.ts";
export * from "./roll-up.ts";
export * from "./routes.ts";
export * from "./sql-source.ts";
