// Metrics of hosts that nobody can scrape: their agents push what they would have answered. The latest of each host is kept and exposed again, as its own
// target with its own staleness; every one goes to remote writes, with its own time. Definitions (MetricsPush) say which hosts, and how often.
export * from "./create-host-metrics.ts";
export * from "./metrics-job.ts";
