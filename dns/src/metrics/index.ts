// What the name server counts, for Prometheus: by zone and type, and how its processes, its disk and its control plane are. Labels come from our own
// configuration or a fixed list, never from what clients send.
export * from "./format-metrics.ts";
export * from "./metrics-endpoint.ts";
