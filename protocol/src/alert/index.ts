// Alerts and silences as Alertmanager's API v2 and its webhooks (and Grafana's) speak of them.
export * from "./alert.ts";
export * from "./silence.ts";
export * from "./status.ts";
export * from "./webhook.ts";
