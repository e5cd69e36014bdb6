// What Prometheus is to scrape, as its HTTP service discovery asks for it.
export * from "./prometheus-targets.ts";
