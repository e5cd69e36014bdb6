// Grafana's provisioning: data sources, where the dashboards are, alert rules and where alerts go, as files that Grafana reads when it starts.
export * from "./provisioning-files.ts";
