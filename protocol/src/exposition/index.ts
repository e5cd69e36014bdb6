// What Prometheus scrapes, as values: metric families and their samples, and the text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats),
// which agents, textfiles, pushes and re-exposition share. The writer trusts names (they are ours); the parser trusts nothing.
export * from "./exposition-fault.ts";
export * from "./metric-family.ts";
export * from "./parse-exposition.ts";
export * from "./write-exposition.ts";
