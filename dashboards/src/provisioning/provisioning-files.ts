import { formatYaml } from "../prometheus-rules/index.ts";
import { contactPoints, policies, templates } from "./alert-routes.ts";
import { alertRules } from "./alert-rules.ts";
import { dashboardProvider, dataSources } from "./data-sources.ts";

/** Everything but the dashboards, by path. Mute timings are none: downtimes are MyCloud's. Pure. */
export function provisioningFiles(): ReadonlyMap<string, string> {
  const yaml: readonly (readonly [string, object])[] = [
    ["datasources/mycloud.yaml", dataSources()],
    ["dashboards/mycloud.yaml", dashboardProvider()],
    ["alerting/mycloud-rules.yaml", alertRules()],
    ["alerting/mycloud-contact-points.yaml", contactPoints()],
    ["alerting/mycloud-policies.yaml", policies()],
    ["alerting/mycloud-templates.yaml", templates()],
  ];
  return new Map([
    ["README.md", readme],
    ...yaml.map(([name, value]) => [`provisioning/${name}`, `${head}${formatYaml(value)}`] as const),
  ]);
}

const head = "# Generated from dashboards/src of MyCloud; changes here are lost.\n";

const readme = `# MyCloud for Grafana

Generated; changes here are lost. Nobody has loaded these files into a running Grafana yet: none was at hand where they are tested. Their shape is checked
against Grafana's own schema types, and every query against a real Prometheus.

A new Grafana: mount this folder as /etc/grafana/mycloud, and set

- \`GF_PATHS_PROVISIONING=/etc/grafana/mycloud/provisioning\`
- \`MYCLOUD_URL\`, the control plane's address, and \`PROMETHEUS_URL\`
- /etc/grafana/mycloud-token: a file with a MyCloud token that has the scopes read, ingest and ingest:register, readable by Grafana only

A Grafana that is there: copy what is below \`provisioning/\` into its provisioning folder and \`dashboards/\` to the path that
\`provisioning/dashboards/mycloud.yaml\` names. Leave \`mycloud-policies.yaml\` out when you have notification policies of your own: provisioning replaces
all of them. Leave \`alerting/\` out altogether when Prometheus evaluates MyCloud's rules already: the same would be found twice.

Or import single files of \`dashboards/\`: each asks for its Prometheus.
`;
