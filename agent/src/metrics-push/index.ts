// Metrics of hosts that nobody can scrape, pushed over the agent's own channel: on the job's interval the agent keeps what it would have answered to a
// scrape, with its own time, in a spool on disk, and delivers it oldest first. What an outage held back arrives after it; beyond the bound the oldest go.
export * from "./push-spool.ts";
export * from "./push-times.ts";
export * from "./start-metrics-push.ts";
