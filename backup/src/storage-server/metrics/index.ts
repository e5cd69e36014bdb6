// What the storage server counts and shows on /metrics.
export * from "./storage-metrics.ts";
