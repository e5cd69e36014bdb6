// What is watched, for Prometheus: /metrics/services names every host and service, so it needs a token, and a customer's shows their hosts only. Of what
// has not changed since the last scrape the text is kept.
export * from "./create-service-metrics.ts";
