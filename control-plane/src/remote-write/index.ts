// Remote writes: samples written to Prometheus-compatible stores (remote write 1.0) as they come. What is to be written is encoded once
// (`write-request.ts`), waits in a queue on disk for each store, and goes out in order, one request at a time (`drain-writes.ts`): a store that is away
// keeps nobody waiting, and has no gap when it is back, unless its queue was full and the oldest went. At least once: what a killed process had sent
// without hearing of it goes out again, which stores take as the same sample.
export * from "./create-remote-writes.ts";
export * from "./series.ts";
