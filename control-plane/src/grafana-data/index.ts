// What Grafana can ask without a Prometheus beside it: problems, backup objectives and logs, and what happened, to be drawn over other panels. The same
// figures go out in two shapes: the protocol of "simple JSON" data sources (simple-json-routes.ts), which sends a panel's queries at once, and plain lists
// for the Infinity data source (plain-routes.ts). Every answer is bounded and within the asker's scope.
export * from "./create-grafana-data.ts";
