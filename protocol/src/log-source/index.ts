// Where logs come from and go to: sources that agents read, destinations they send to, senders who are let in, forwards to outside systems.
export * from "./log-job.ts";
export * from "./log-pipeline-report.ts";
export * from "./log-pipeline-status.ts";
export * from "./log-source.ts";
