import type { Dashboard } from "../dashboard/index.ts";
import { badFrom, hostStates, neutral, type Panel, serviceStates } from "../panel/index.ts";
import { dataFileSystem, fleetAnnotations, half, toHost, toService } from "./shared.ts";

const figure = { kind: "figure", width: 4, height: 4, unit: "short", hasSpark: true } as const;

const counts: readonly [Panel, ...Panel[]] = [
  {
    ...figure,
    title: "Hosts up",
    description: "Hosts that MyCloud calls UP.",
    queries: [{ expr: `sum(max by (host) (mycloud_host_state == bool 0))` }],
    thresholds: [{ from: null, color: "green" }],
  },
  {
    ...figure,
    title: "Hosts down",
    description: "Hosts that are DOWN, or UNREACHABLE because what they are reached through is.",
    queries: [{ expr: `sum(max by (host) (mycloud_host_state >= bool 1))` }],
    thresholds: badFrom(1),
  },
  {
    ...figure,
    title: "Critical, unhandled",
    description: "CRITICAL services that nobody acknowledged, in no downtime.",
    queries: [
      {
        expr: `sum((mycloud_service_state == bool 2) * on (host, service) (mycloud_service_acknowledged == bool 0) * on (host, service) (mycloud_service_in_downtime == bool 0))`,
      },
    ],
    thresholds: badFrom(1),
  },
  {
    ...figure,
    title: "Warning",
    description: "Services that are WARNING.",
    queries: [{ expr: `sum(mycloud_service_state == bool 1)` }],
    thresholds: [
      { from: null, color: "green" },
      { from: 1, color: "yellow" },
    ],
  },
  {
    ...figure,
    title: "Without news",
    description: "Services whose last result is overdue: what they show is not how they are.",
    queries: [{ expr: `sum(mycloud_service_stale)` }],
    thresholds: badFrom(10, 1),
  },
  {
    ...figure,
    title: "Backups late",
    description: "Backup repositories whose newest snapshot is older than their objective allows.",
    queries: [{ expr: `max(mycloud_backup_repositories{freshness="CRITICAL"})` }],
    thresholds: badFrom(1),
    link: { title: "Backup objectives", url: "/d/mycloud-backups" },
  },
];

/** Everything at a glance, and the ways to what is wrong. */
export const fleetDashboard: Dashboard = {
  uid: "mycloud-fleet",
  title: "MyCloud: Fleet overview",
  description: "All hosts and services at a glance: what is wrong, what is full, what is busy.",
  variables: [],
  annotations: fleetAnnotations,
  consolePath: "/#/",
  rows: [
    { title: "Now", panels: counts },
    {
      title: "Problems",
      panels: [
        {
          kind: "states",
          title: "Hosts",
          description: "Each host over time. A gap is a time of which nothing is known.",
          queries: [{ expr: `max by (host) (mycloud_host_state)`, legend: "{{host}}" }],
          words: hostStates,
          link: toHost(`\${__field.labels.host}`),
          width: 12,
          height: 10,
        },
        {
          kind: "table",
          title: "Services that are not OK",
          description: "The worst first. A click leads to the service.",
          queries: [{ expr: `sort_desc(max by (host, service) (mycloud_service_state > 0))` }],
          labels: { host: "Host", service: "Service" },
          values: ["State"],
          words: serviceStates,
          cellLinks: {
            host: toHost(`\${__data.fields.Host}`),
            service: toService(`\${__data.fields.Host}`, `\${__data.fields.Service}`),
          },
          width: 12,
          height: 10,
        },
        {
          ...half,
          kind: "lines",
          title: "Services by state",
          description: "How many services are in each state that is not OK.",
          queries: [
            { expr: `sum(mycloud_service_state == bool 1)`, legend: "WARNING" },
            { expr: `sum(mycloud_service_state == bool 2)`, legend: "CRITICAL" },
            { expr: `sum(mycloud_service_state == bool 3)`, legend: "UNKNOWN" },
            { expr: `sum(mycloud_service_stale)`, legend: "STALE" },
          ],
          isStacked: true,
          min: 0,
          unit: "short",
        },
        {
          ...half,
          kind: "lines",
          title: "Acknowledged and in downtime",
          description: "How much of what is wrong somebody takes care of.",
          queries: [
            { expr: `sum(mycloud_service_acknowledged)`, legend: "acknowledged" },
            { expr: `sum(mycloud_service_in_downtime)`, legend: "in a downtime" },
          ],
          min: 0,
          unit: "short",
        },
      ],
    },
    {
      title: "Busiest hosts",
      panels: [
        {
          ...half,
          kind: "lines",
          title: "Processor",
          description: "Share of the processors' time in use, of the ten busiest hosts.",
          queries: [
            {
              expr: `topk(10, 1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval])))`,
              legend: "{{instance}}",
            },
          ],
          unit: "percentunit",
          min: 0,
          link: toHost(`\${__field.labels.instance}`),
        },
        {
          ...half,
          kind: "lines",
          title: "Memory",
          description: "Share of memory that programs cannot have, of the ten fullest hosts.",
          queries: [
            {
              expr: `topk(10, 1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)`,
              legend: "{{instance}}",
            },
          ],
          unit: "percentunit",
          min: 0,
          link: toHost(`\${__field.labels.instance}`),
        },
        {
          kind: "bars",
          title: "Fullest file systems",
          description: "The twenty file systems with the smallest share of free space.",
          queries: [
            {
              expr: `topk(20, 1 - max by (instance, mountpoint) (node_filesystem_avail_bytes{${dataFileSystem}}) / max by (instance, mountpoint) (node_filesystem_size_bytes{${dataFileSystem}}))`,
              legend: "{{instance}} {{mountpoint}}",
            },
          ],
          unit: "percentunit",
          min: 0,
          max: 1,
          thresholds: badFrom(0.95, 0.85),
          ...half,
        },
        {
          ...half,
          kind: "lines",
          title: "Load for each processor",
          description: "Above 1 work waits for a processor.",
          queries: [
            {
              expr: `topk(10, max by (instance) (node_load5) / count by (instance) (count by (instance, cpu) (node_cpu_seconds_total)))`,
              legend: "{{instance}}",
            },
          ],
          unit: "short",
          min: 0,
          link: toHost(`\${__field.labels.instance}`),
        },
        {
          kind: "table",
          title: "Hosts",
          description: "Every host that is scraped: since when it runs, what is in use, and by which kernel.",
          queries: [
            { expr: `max by (instance, release) (node_uname_info)` },
            { expr: `max by (instance) (node_time_seconds - node_boot_time_seconds)` },
            { expr: `max by (instance) (node_memory_MemTotal_bytes)` },
          ],
          labels: { instance: "Host", release: "Kernel" },
          values: ["Scraped", "Up for (seconds)", "Memory (bytes)"],
          cellLinks: { instance: toHost(`\${__data.fields.Host}`) },
          thresholds: neutral,
          width: 24,
          height: 8,
        },
      ],
    },
  ],
};
