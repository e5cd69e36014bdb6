import type { Dashboard, LabelVariable } from "../dashboard/index.ts";
import { badFrom, serviceStates } from "../panel/index.ts";
import { half, hostAnnotations, toService } from "./shared.ts";

const own = `host="$host"`;

/** Hosts that have a service by SNMP: its check is called so, or discovery named it. */
const deviceVariable: LabelVariable = {
  name: "host",
  title: "Device",
  query: `label_values(mycloud_service_hard{service=~"(?i)(snmp|interface|ups|printer).*"}, host)`,
};

/** A device that is asked by SNMP: what its checks measure. */
export const snmpDashboard: Dashboard = {
  uid: "mycloud-snmp",
  title: "MyCloud: SNMP device",
  description:
    "A switch, router, UPS or printer that a prober asks by SNMP: its services, its traffic, its errors, what is used of it.",
  variables: [deviceVariable],
  annotations: hostAnnotations,
  consolePath: `/#/hosts?filter=%7B%22q%22%3A%22\${host:percentencode}%22%7D`,
  rows: [
    {
      title: "Services",
      panels: [
        {
          kind: "states",
          title: "Services",
          description: "Each service of the device over time. A gap is a time of which nothing is known.",
          queries: [{ expr: `max by (service) (mycloud_service_state{${own}})`, legend: "{{service}}" }],
          words: serviceStates,
          link: toService("$host", `\${__field.labels.service}`),
          width: 16,
          height: 10,
        },
        {
          kind: "figure",
          title: "Up for",
          description: "Since it started, by its own word (sysUpTime).",
          queries: [{ expr: `max(mycloud_perfdata_seconds{${own},label="uptime"})` }],
          unit: "s",
          width: 8,
          height: 10,
        },
      ],
    },
    {
      title: "Interfaces",
      panels: [
        {
          ...half,
          kind: "lines",
          title: "Traffic",
          description: "Received and sent, by interface.",
          queries: [
            {
              expr: `max by (label) (mycloud_perfdata_value{${own},label=~".*_(in|out)_bps"})`,
              legend: "{{label}}",
            },
          ],
          unit: "bps",
          min: 0,
        },
        {
          ...half,
          kind: "lines",
          title: "Errors and discards",
          description: "By interface, a second.",
          queries: [
            {
              expr: `max by (label) (mycloud_perfdata_value{${own},label=~".*_(errors|discards)"})`,
              legend: "{{label}}",
            },
          ],
          unit: "pps",
          min: 0,
        },
      ],
    },
    {
      title: "What is used",
      panels: [
        {
          ...half,
          kind: "lines",
          title: "Shares",
          description: "Load, storage, charge, toner: whatever the device tells as a percentage.",
          queries: [
            { expr: `max by (service, label) (mycloud_perfdata_ratio{${own}})`, legend: "{{service}} {{label}}" },
          ],
          unit: "percentunit",
          min: 0,
          thresholds: badFrom(0.95),
        },
        {
          ...half,
          kind: "lines",
          title: "Sizes",
          description: "What is used of its storage.",
          queries: [
            { expr: `max by (service, label) (mycloud_perfdata_bytes{${own}})`, legend: "{{service}} {{label}}" },
          ],
          unit: "bytes",
          min: 0,
        },
      ],
    },
  ],
};
