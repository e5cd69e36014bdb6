// What Prometheus scrapes, as values: metric families and their samples, and the text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats).
export * from "./metric-family.ts";
