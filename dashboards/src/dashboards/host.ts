import type { Dashboard } from "../dashboard/index.ts";
import { badFrom, hostStates, type Panel, serviceStates, yesNo } from "../panel/index.ts";
import { machineRows } from "./host-machine-rows.ts";
import { dataFileSystem, half, here, hostAnnotations, hostVariable, third, toService } from "./shared.ts";

const figure = { kind: "figure", width: 3, height: 4 } as const;

const now: readonly [Panel, ...Panel[]] = [
  {
    ...figure,
    title: "State",
    description: "What MyCloud says of the host.",
    queries: [{ expr: `max(mycloud_host_state{host="$host"})` }],
    words: hostStates,
  },
  {
    ...figure,
    title: "Services not OK",
    description: "Of this host, at present.",
    queries: [{ expr: `sum(mycloud_service_state{host="$host"} >= bool 1)` }],
    thresholds: badFrom(1),
    unit: "short",
  },
  {
    ...figure,
    title: "Up for",
    description: "Since the kernel started.",
    queries: [{ expr: `max(node_time_seconds{${here}} - node_boot_time_seconds{${here}})` }],
    unit: "s",
  },
  {
    ...figure,
    title: "Processor",
    description: "Share of its processors' time in use.",
    queries: [{ expr: `1 - avg(rate(node_cpu_seconds_total{${here},mode="idle"}[$__rate_interval]))` }],
    unit: "percentunit",
    thresholds: badFrom(0.95, 0.8),
    hasSpark: true,
  },
  {
    ...figure,
    title: "Memory",
    description: "Share of memory that programs cannot have.",
    queries: [{ expr: `1 - max(node_memory_MemAvailable_bytes{${here}}) / max(node_memory_MemTotal_bytes{${here}})` }],
    unit: "percentunit",
    thresholds: badFrom(0.95, 0.85),
    hasSpark: true,
  },
  {
    ...figure,
    title: "Fullest file system",
    description: "Share that is used of the fullest one.",
    queries: [
      {
        expr: `max(1 - node_filesystem_avail_bytes{${here},${dataFileSystem}} / node_filesystem_size_bytes{${here},${dataFileSystem}})`,
      },
    ],
    unit: "percentunit",
    thresholds: badFrom(0.95, 0.85),
  },
  {
    ...figure,
    title: "Newest backup",
    description: "How long ago a backup of this host last was a success.",
    queries: [{ expr: `min(mycloud_backup_age_seconds{${here}})` }],
    unit: "s",
  },
  {
    ...figure,
    title: "Results waiting",
    description: "Batches of results that the agent could not deliver yet.",
    queries: [{ expr: `max(mycloud_spool_batches{${here}})` }],
    unit: "short",
    thresholds: badFrom(100, 5),
  },
];

/** One host: its checks, what node_exporter tells of any machine, its backups and logs. */
export const hostDashboard: Dashboard = {
  uid: "mycloud-host",
  title: "MyCloud: Host",
  description: "One host: checks, processor, memory, disks, network, backups, logs, and the agent itself.",
  variables: [hostVariable],
  annotations: hostAnnotations,
  consolePath: `/#/hosts?filter=%7B%22q%22%3A%22\${host:percentencode}%22%7D`,
  rows: [
    { title: "Now", panels: now },
    {
      title: "Checks",
      panels: [
        {
          kind: "states",
          title: "Services",
          description: "Each service over time. A gap is a time of which nothing is known.",
          queries: [{ expr: `max by (service) (mycloud_service_state{host="$host"})`, legend: "{{service}}" }],
          words: serviceStates,
          link: toService("$host", `\${__field.labels.service}`),
          width: 24,
          height: 10,
        },
        {
          ...half,
          kind: "lines",
          title: "How long checks take",
          description: "By the agent's own clock; the ten slowest.",
          queries: [
            { expr: `topk(10, max by (service) (mycloud_check_execution_seconds{${here}}))`, legend: "{{service}}" },
          ],
          unit: "s",
          min: 0,
        },
        {
          ...half,
          kind: "lines",
          title: "How late checks begin",
          description: "Behind their time. It grows when the host has too much to do.",
          queries: [{ expr: `max(mycloud_check_latency_seconds{${here}})`, legend: "latest" }],
          unit: "s",
          min: 0,
        },
      ],
    },
    ...machineRows,
    {
      title: "Backups",
      panels: [
        {
          ...third,
          kind: "lines",
          title: "Age of the newest snapshot",
          description: "By policy. It drops to zero with each success.",
          queries: [{ expr: `max by (policy) (mycloud_backup_age_seconds{${here}})`, legend: "{{policy}}" }],
          unit: "s",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Stored by the last run",
          description: "After deduplication and compression, and how much it looked at.",
          queries: [
            { expr: `max by (policy) (mycloud_backup_last_run_added_bytes{${here}})`, legend: "{{policy}} stored" },
            { expr: `max by (policy) (mycloud_backup_last_run_size_bytes{${here}})`, legend: "{{policy}} looked at" },
          ],
          unit: "bytes",
          min: 0,
        },
        {
          kind: "states",
          title: "Last run",
          description: "Whether the last run of each policy was a success.",
          queries: [{ expr: `max by (policy) (mycloud_backup_last_run_success{${here}})`, legend: "{{policy}}" }],
          words: yesNo("success", "failed", true),
          ...third,
        },
      ],
    },
    {
      title: "Logs",
      panels: [
        {
          ...third,
          kind: "lines",
          title: "Records",
          description: "Made of lines read on this host, by source.",
          queries: [
            {
              expr: `sum by (source) (rate(mycloud_log_pipeline_records_total{${here}}[$__rate_interval]))`,
              legend: "{{source}}",
            },
          ],
          unit: "short",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Not read yet",
          description: "Bytes in files that wait.",
          queries: [{ expr: `max by (source) (mycloud_log_pipeline_lag_bytes{${here}})`, legend: "{{source}}" }],
          unit: "bytes",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Not sent yet",
          description: "Bytes on disk that wait for their destination, and how many may.",
          queries: [
            { expr: `max by (destination) (mycloud_log_pipeline_queue_bytes{${here}})`, legend: "{{destination}}" },
            {
              expr: `max by (destination) (mycloud_log_pipeline_queue_maximum_bytes{${here}})`,
              legend: "{{destination}} at most",
            },
          ],
          dashed: ".* at most",
          unit: "bytes",
          min: 0,
        },
      ],
    },
    {
      title: "The agent",
      panels: [
        {
          ...third,
          kind: "lines",
          title: "Its processor time",
          description: "Share of one processor, checks and backups that it starts not included.",
          queries: [{ expr: `max(rate(process_cpu_seconds_total{${here}}[$__rate_interval]))`, legend: "agent" }],
          unit: "percentunit",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Its memory",
          description: "What it takes of the RAM.",
          queries: [{ expr: `max(process_resident_memory_bytes{${here}})`, legend: "agent" }],
          unit: "bytes",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Clock",
          description: "How far it and the control plane's differ.",
          queries: [{ expr: `max(mycloud_agent_clock_offset_seconds{${here}})`, legend: "ahead" }],
          unit: "s",
        },
      ],
    },
  ],
};
