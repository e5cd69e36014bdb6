/** What the generated files say until `mycloud export grafana` knows better; Grafana fills in variables of its environment. */
export const placeholder = {
  controlPlane: `\${MYCLOUD_URL}`,
  prometheus: `\${PROMETHEUS_URL}`,
  tokenFile: "/etc/grafana/mycloud-token",
  dashboards: "/etc/grafana/mycloud/dashboards",
  email: "operators@example.org",
} as const;
