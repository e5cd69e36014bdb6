import { formatRules, formatRuleTests } from "./format-rules.ts";
import { formatPrometheusConfiguration, type PrometheusOptions } from "./prometheus-configuration.ts";
import { ruleGroups } from "./rule-groups.ts";

export interface PrometheusFilesOptions extends Omit<PrometheusOptions, "rulesFile"> {
  /** What addresses of runbooks begin with. */
  readonly runbooks: string;
}

const rulesFile = "rules/mycloud.yml";

/** What `mycloud export prometheus` writes, by path; the configuration last, so that it never names what is not there. Pure. */
export function prometheusFiles(options: PrometheusFilesOptions): ReadonlyMap<string, string> {
  const { runbooks } = options;
  return new Map([
    ["README.md", readme(options)],
    [rulesFile, formatRules(ruleGroups, { runbooks })],
    ["rules/mycloud.test.yml", formatRuleTests(ruleGroups, "mycloud.yml", { runbooks })],
    ["prometheus.yml", formatPrometheusConfiguration({ ...options, rulesFile })],
  ]);
}

function readme({ tokenFile, controlPlane }: PrometheusFilesOptions): string {
  return `# MyCloud for Prometheus

Written by \`mycloud export prometheus\` for ${controlPlane}. Run it again after an update of MyCloud: it replaces what it wrote and nobody has changed.

- \`prometheus.yml\`: a whole configuration. Where there is a Prometheus already, copy its \`scrape_configs\`, \`rule_files\` and \`alerting\` into yours;
  the path in \`rule_files\` counts from the file it stands in.
- \`rules/mycloud.yml\`: recording and alert rules. \`rules/mycloud.test.yml\`: their unit tests.
- \`runbooks/\`: what to do about each alert; the annotation \`runbook_url\` leads there.

\`${tokenFile}\` holds a token that may read and send alerts, and nobody but Prometheus may read it:

\`\`\`sh
install -m 640 -g prometheus /dev/null ${tokenFile}
mycloud token create prometheus --scope read,ingest,ingest:register --forever > ${tokenFile}
\`\`\`

\`\`\`sh
promtool check config prometheus.yml
promtool test rules rules/mycloud.test.yml
prometheus --config.file=prometheus.yml
\`\`\`

Alerts go to MyCloud, which takes Alertmanager's API. Those with the label \`mycloud_known="true"\` are about what MyCloud has found itself: it counts them and makes
no second problem. Where another Alertmanager notifies people, too, keep it from saying the same again with a route on that label.
`;
}
