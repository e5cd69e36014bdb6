// The world of acceptance/grafana-prometheus.test.ts: a machine on which everything happens that the dashboards draw, as small as it can be. Its host is backed
// up, its logs are read and sent on, its results go to others and come from others, somebody is notified, samples are written to a store.
export * from "./busy-world.ts";
