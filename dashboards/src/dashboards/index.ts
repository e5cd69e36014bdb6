// The dashboards, one a file, as values. `Name service` is missing: the name service exposes no metrics yet.
export * from "./all-dashboards.ts";
