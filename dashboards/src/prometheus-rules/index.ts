// Recording and alert rules for Prometheus, each alert with the cases that prove it, and the configuration that scrapes MyCloud. Rules are values
// (groups/), formatted as the files that Prometheus and promtool read. Nothing here knows Grafana: the `mycloud` command imports this folder.
export * from "./export-files.ts";
export * from "./format-rules.ts";
export * from "./job-name.ts";
export * from "./prometheus-configuration.ts";
export * from "./rule.ts";
export * from "./rule-groups.ts";
