// How the logs of hosts get on, as their agents tell with each keepalive: the last report of a host stands with its agent and is part of what is answered
// of the host; sums and the worst over all hosts are this control plane's own metrics.
export * from "./find-log-pipeline.ts";
export * from "./pipeline-metrics.ts";
