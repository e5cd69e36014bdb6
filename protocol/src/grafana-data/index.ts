// What Grafana asks without a Prometheus: the protocol of its "simple JSON" data sources, and plain lists for the Infinity data source.
export * from "./grafana-data.ts";
export * from "./grafana-request.ts";
