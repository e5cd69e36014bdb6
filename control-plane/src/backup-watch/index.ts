// What tells the services of backups: how fresh snapshots are, how runs ended and what they changed, whether drills came back right, what storage
// servers found damaged, how full quotas and servers are. Each is a pure judgement of facts; the watch collects those and submits what changed or is due,
// through the ordinary way of results.

export * from "./follow-outcome.ts";
export * from "./metrics.ts";
export * from "./routes.ts";
export * from "./watch-backups.ts";
