import type { Dashboard, LabelVariable } from "../dashboard/index.ts";
import { type LinesPanel, serviceStates, yesNo } from "../panel/index.ts";
import { hostAnnotations, hostVariable } from "./shared.ts";

const own = `host="$host",service="$service"`;

const serviceVariable: LabelVariable = {
  name: "service",
  title: "Service",
  query: `label_values(mycloud_service_hard{host="$host"}, service)`,
};

interface PerfdataUnit {
  readonly suffix: string;
  readonly title: string;
  readonly unit: string;
  readonly what: string;
}

const times: PerfdataUnit = { suffix: "seconds", title: "Times", unit: "s", what: "Measured times." };
const others: readonly PerfdataUnit[] = [
  { suffix: "bytes", title: "Sizes", unit: "bytes", what: "Measured sizes." },
  { suffix: "ratio", title: "Shares", unit: "percentunit", what: "Percentages." },
  { suffix: "value", title: "Values", unit: "short", what: "Values without a unit." },
];

/** Measured values of a unit, with the thresholds that the check was given, dashed. */
function perfdataPanel({ suffix, title, unit, what }: PerfdataUnit): LinesPanel {
  const bound = (threshold: string) =>
    `max by (label) (mycloud_perfdata_threshold_${suffix}{${own},threshold="${threshold}"})`;
  return {
    kind: "lines",
    title,
    description: `${what} Dashed: from where on the check calls it a warning, and critical.`,
    queries: [
      { expr: `max by (label) (mycloud_perfdata_${suffix}{${own}})`, legend: "{{label}}" },
      { expr: bound("warning"), legend: "{{label}} warning" },
      { expr: bound("critical"), legend: "{{label}} critical" },
    ],
    dashed: ".* (warning|critical)",
    unit,
    width: 12,
    height: 8,
  };
}

/** One service: its state, and what its check measures. */
export const serviceDashboard: Dashboard = {
  uid: "mycloud-service",
  title: "MyCloud: Service",
  description: "One service: its state over time, and what its check measures, with thresholds.",
  variables: [hostVariable, serviceVariable],
  annotations: hostAnnotations,
  consolePath: `/#/services?filter=%7B%22q%22%3A%22\${service:percentencode}%22%7D`,
  rows: [
    {
      title: "State",
      panels: [
        {
          kind: "figure",
          title: "Now",
          description: "Its present state.",
          queries: [{ expr: `max(mycloud_service_state{${own}})` }],
          words: serviceStates,
          width: 4,
          height: 6,
        },
        {
          kind: "states",
          title: "State",
          description: "Over time. A gap is a time of which nothing is known.",
          queries: [{ expr: `max by (service) (mycloud_service_state{${own}})`, legend: "{{service}}" }],
          words: serviceStates,
          width: 12,
          height: 6,
        },
        {
          kind: "states",
          title: "Care",
          description: "Whether its problem is HARD, somebody acknowledged it, and it is in a downtime.",
          queries: [
            { expr: `max(mycloud_service_hard{${own}})`, legend: "hard" },
            { expr: `max(mycloud_service_acknowledged{${own}})`, legend: "acknowledged" },
            { expr: `max(mycloud_service_in_downtime{${own}})`, legend: "in a downtime" },
            { expr: `max(mycloud_service_stale{${own}})`, legend: "without news" },
          ],
          words: yesNo("yes", "no", true),
          width: 8,
          height: 6,
        },
      ],
    },
    {
      title: "Measured",
      panels: [
        perfdataPanel(times),
        ...others.map(perfdataPanel),
        {
          kind: "lines",
          title: "Rates",
          description: "Bytes a second, and how fast counters count.",
          queries: [
            { expr: `max by (label) (mycloud_perfdata_bytes_per_second{${own}})`, legend: "{{label}}" },
            {
              expr: `max by (label) (rate(mycloud_perfdata_total{${own}}[$__rate_interval]))`,
              legend: "{{label}}, a second",
            },
          ],
          unit: "short",
          width: 12,
          height: 8,
        },
        {
          kind: "lines",
          title: "The check itself",
          description: "How long it takes and how late it begins, by the agent that runs it.",
          queries: [
            { expr: `max(mycloud_check_execution_seconds{${own}})`, legend: "takes" },
            { expr: `max(mycloud_check_latency_seconds{${own}})`, legend: "late" },
          ],
          unit: "s",
          min: 0,
          width: 12,
          height: 8,
        },
      ],
    },
  ],
};
