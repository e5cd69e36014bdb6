import type { PanelRow } from "../dashboard/index.ts";
import { badFrom } from "../panel/index.ts";
import { dataFileSystem, here, third, wholeDisk } from "./shared.ts";

/** What the machine itself does: processor, memory, disks, network. */
export const machineRows: readonly PanelRow[] = [
  {
    title: "Processor and memory",
    panels: [
      {
        ...third,
        kind: "lines",
        title: "Processor by use",
        description: "Share of all processors' time. iowait waits for disks, steal was given to other machines.",
        queries: [
          {
            expr: `avg by (mode) (rate(node_cpu_seconds_total{${here},mode!="idle"}[$__rate_interval]))`,
            legend: "{{mode}}",
          },
        ],
        isStacked: true,
        unit: "percentunit",
        min: 0,
      },
      {
        ...third,
        kind: "lines",
        title: "Load",
        description:
          "Programs that run or wait, on average over 1, 5 and 15 minutes, and how many processors there are.",
        queries: [
          { expr: `max(node_load1{${here}})`, legend: "1 min" },
          { expr: `max(node_load5{${here}})`, legend: "5 min" },
          { expr: `max(node_load15{${here}})`, legend: "15 min" },
          { expr: `count(count by (cpu) (node_cpu_seconds_total{${here}}))`, legend: "processors" },
        ],
        dashed: "processors",
        unit: "short",
        min: 0,
      },
      {
        ...third,
        kind: "lines",
        title: "Memory",
        description: "Cache and buffers are given back when programs need them.",
        queries: [
          {
            expr: `max(node_memory_MemTotal_bytes{${here}}) - max(node_memory_MemAvailable_bytes{${here}})`,
            legend: "in use",
          },
          {
            expr: `max(node_memory_MemAvailable_bytes{${here}}) - max(node_memory_MemFree_bytes{${here}})`,
            legend: "cache",
          },
          { expr: `max(node_memory_MemFree_bytes{${here}})`, legend: "free" },
        ],
        isStacked: true,
        unit: "bytes",
        min: 0,
      },
      {
        ...third,
        kind: "lines",
        title: "Swap",
        description: "What was moved to disk for want of memory.",
        queries: [
          {
            expr: `max(node_memory_SwapTotal_bytes{${here}} - node_memory_SwapFree_bytes{${here}})`,
            legend: "in use",
          },
          { expr: `max(node_memory_SwapTotal_bytes{${here}})`, legend: "there is" },
        ],
        dashed: "there is",
        unit: "bytes",
        min: 0,
      },
      {
        ...third,
        kind: "lines",
        title: "Pressure",
        description: "Share of the time in which some program waited for a processor, memory or a disk.",
        queries: [
          {
            expr: `max(rate(node_pressure_cpu_waiting_seconds_total{${here}}[$__rate_interval]))`,
            legend: "processor",
          },
          {
            expr: `max(rate(node_pressure_memory_waiting_seconds_total{${here}}[$__rate_interval]))`,
            legend: "memory",
          },
          { expr: `max(rate(node_pressure_io_waiting_seconds_total{${here}}[$__rate_interval]))`, legend: "disks" },
        ],
        unit: "percentunit",
        min: 0,
      },
      {
        ...third,
        kind: "lines",
        title: "Processes",
        description: "Running, and blocked by a disk.",
        queries: [
          { expr: `max(node_procs_running{${here}})`, legend: "running" },
          { expr: `max(node_procs_blocked{${here}})`, legend: "blocked" },
        ],
        unit: "short",
        min: 0,
      },
    ],
  },
  {
    title: "Disks",
    panels: [
      {
        kind: "bars",
        title: "File systems",
        description: "Share that is used.",
        queries: [
          {
            expr: `sort_desc(max by (mountpoint) (1 - node_filesystem_avail_bytes{${here},${dataFileSystem}} / node_filesystem_size_bytes{${here},${dataFileSystem}}))`,
            legend: "{{mountpoint}}",
          },
        ],
        unit: "percentunit",
        min: 0,
        max: 1,
        thresholds: badFrom(0.95, 0.85),
        ...third,
      },
      {
        ...third,
        kind: "lines",
        title: "Free space",
        description: "For programs that are not root.",
        queries: [
          {
            expr: `max by (mountpoint) (node_filesystem_avail_bytes{${here},${dataFileSystem}})`,
            legend: "{{mountpoint}}",
          },
        ],
        unit: "bytes",
        min: 0,
      },
      {
        ...third,
        kind: "lines",
        title: "Free inodes",
        description: "Share. Without any no file can be made, however much space there is.",
        queries: [
          {
            expr: `max by (mountpoint) (node_filesystem_files_free{${here},${dataFileSystem}} / (node_filesystem_files{${here},${dataFileSystem}} > 0))`,
            legend: "{{mountpoint}}",
          },
        ],
        unit: "percentunit",
        min: 0,
      },
      {
        ...third,
        kind: "lines",
        title: "Read and written",
        description: "Bytes a second, by disk.",
        queries: [
          {
            expr: `rate(node_disk_read_bytes_total{${here},${wholeDisk}}[$__rate_interval])`,
            legend: "{{device}} read",
          },
          {
            expr: `rate(node_disk_written_bytes_total{${here},${wholeDisk}}[$__rate_interval])`,
            legend: "{{device}} written",
          },
        ],
        unit: "Bps",
        min: 0,
      },
      {
        ...third,
        kind: "lines",
        title: "Disks busy",
        description: "Share of the time in which a disk had something to do.",
        queries: [
          {
            expr: `rate(node_disk_io_time_seconds_total{${here},${wholeDisk}}[$__rate_interval])`,
            legend: "{{device}}",
          },
        ],
        unit: "percentunit",
        min: 0,
      },
      {
        ...third,
        kind: "lines",
        title: "Requests waiting",
        description: "On average at any moment, by disk.",
        queries: [
          {
            expr: `rate(node_disk_io_time_weighted_seconds_total{${here},${wholeDisk}}[$__rate_interval])`,
            legend: "{{device}}",
          },
        ],
        unit: "short",
        min: 0,
      },
    ],
  },
  {
    title: "Network",
    panels: [
      {
        ...third,
        kind: "lines",
        title: "Received and sent",
        description: "By interface, without loopback.",
        queries: [
          {
            expr: `rate(node_network_receive_bytes_total{${here},device!~"lo|veth.*"}[$__rate_interval]) * 8`,
            legend: "{{device}} received",
          },
          {
            expr: `rate(node_network_transmit_bytes_total{${here},device!~"lo|veth.*"}[$__rate_interval]) * 8`,
            legend: "{{device}} sent",
          },
        ],
        unit: "bps",
        min: 0,
      },
      {
        ...third,
        kind: "lines",
        title: "Errors and drops",
        description: "Packets a second that did not get through.",
        queries: [
          {
            expr: `sum by (device) (rate(node_network_receive_errs_total{${here}}[$__rate_interval]) + rate(node_network_transmit_errs_total{${here}}[$__rate_interval]))`,
            legend: "{{device}} errors",
          },
          {
            expr: `sum by (device) (rate(node_network_receive_drop_total{${here}}[$__rate_interval]) + rate(node_network_transmit_drop_total{${here}}[$__rate_interval]))`,
            legend: "{{device}} drops",
          },
        ],
        unit: "pps",
        min: 0,
      },
      {
        ...third,
        kind: "lines",
        title: "TCP",
        description: "Connections, and segments that had to be sent again.",
        queries: [
          { expr: `max(node_netstat_Tcp_CurrEstab{${here}})`, legend: "connections" },
          { expr: `max(node_sockstat_TCP_tw{${here}})`, legend: "in TIME_WAIT" },
          {
            expr: `max(rate(node_netstat_Tcp_RetransSegs{${here}}[$__rate_interval]))`,
            legend: "sent again, a second",
          },
        ],
        unit: "short",
        min: 0,
      },
    ],
  },
];
