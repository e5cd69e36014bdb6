// Alertmanager's API v2, and webhooks of Alertmanager and Grafana. Alerts that are sent become passive services (accept-alerts.ts): an alert is known by
// its labels, belongs to a host and a service (place-alert.ts), and the service is as bad as the worst of its alerts that fires. Our own open problems
// are alerts as well (list-alerts.ts). Silences and downtimes are one thing (silences.ts): a silence's matchers become selectors that cover exactly
// what they mean (plan-cover.ts), and a downtime's selector is shown as matchers (selector-matchers.ts).
export * from "./create-alertmanager.ts";
