import { jobName } from "../job-name.ts";
import type { RuleGroup } from "../rule.ts";

/** File systems that hold data; others are the kernel's own, or images that are always full. */
const dataFileSystem = `fstype=~"ext[234]|xfs|btrfs|zfs|f2fs|vfat",mountpoint!~"/boot.*|/snap/.*"`;

/** Hosts: up or down by MyCloud's word, and what their figures say before a check does. */
export const hostGroup: RuleGroup = {
  name: "mycloud-hosts",
  runbook: "hosts.md",
  recordings: [
    {
      record: "instance:node_cpu_busy:ratio_rate5m",
      expr: `1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m]))`,
    },
    {
      record: "instance:node_memory_used:ratio",
      expr: `1 - max by (instance) (node_memory_MemAvailable_bytes) / max by (instance) (node_memory_MemTotal_bytes)`,
    },
    {
      record: "instance_mountpoint:node_filesystem_used:ratio",
      expr: `1 - max by (instance, mountpoint) (node_filesystem_avail_bytes{${dataFileSystem}})
        / max by (instance, mountpoint) (node_filesystem_size_bytes{${dataFileSystem}})`,
    },
    { record: "mycloud:hosts:count", expr: `count by (state) (count_values by (host) ("state", mycloud_host_state))` },
  ],
  alerts: [
    {
      alert: "MyCloudHostDown",
      expr: `max by (host) (mycloud_host_state) == 1`,
      for: "1m",
      severity: "critical",
      isKnown: true,
      summary: "{{ $labels.host }} is down",
      description:
        "Its agent is silent, or its host check fails. MyCloud has told whoever its notification rules name.",
      fires: {
        series: { 'mycloud_host_state{host="web1"}': "1x10" },
        at: "5m",
        alerts: [{ labels: { host: "web1" }, summary: "web1 is down" }],
      },
      silent: {
        why: "it is unreachable, which is its parent's fault",
        series: { 'mycloud_host_state{host="web1"}': "2x10" },
        at: "5m",
      },
    },
    {
      alert: "MyCloudHostNotScraped",
      expr: `
        (max by (instance) (1 - up{job="${jobName.hosts}"}) == 1)
        unless on (instance) label_replace(mycloud_host_state >= 1, "instance", "$1", "host", "(.*)")`,
      for: "10m",
      severity: "warning",
      isKnown: false,
      summary: "Prometheus gets no metrics of {{ $labels.instance }}",
      description:
        "The host is up by MyCloud's word, and Prometheus cannot scrape its agent: its address, port, certificate or token. Dashboards of the host have a gap.",
      fires: {
        series: { [`up{job="${jobName.hosts}",instance="web1"}`]: "0x20", 'mycloud_host_state{host="web1"}': "0x20" },
        at: "15m",
        alerts: [{ labels: { instance: "web1" }, summary: "Prometheus gets no metrics of web1" }],
      },
      silent: {
        why: "the host is down",
        series: { [`up{job="${jobName.hosts}",instance="web1"}`]: "0x20", 'mycloud_host_state{host="web1"}': "1x20" },
        at: "15m",
      },
    },
    {
      alert: "HostFileSystemFillsUp",
      expr: `
        instance_mountpoint:node_filesystem_used:ratio > 0.6
        and max by (instance, mountpoint) (predict_linear(node_filesystem_avail_bytes{${dataFileSystem}}[6h], 24 * 3600)) < 0
        and max by (instance, mountpoint) (node_filesystem_avail_bytes{${dataFileSystem}} offset 3h) >= 0`,
      for: "30m",
      severity: "warning",
      isKnown: false,
      summary: "{{ $labels.mountpoint }} of {{ $labels.instance }} is full within a day if it goes on like this",
      description:
        "Computed from the last six hours, once three are known. Checks tell when it is nearly full; this tells while there is time.",
      fires: {
        series: {
          'node_filesystem_size_bytes{instance="web1",mountpoint="/",fstype="ext4",device="sda1"}': "1000x260",
          'node_filesystem_avail_bytes{instance="web1",mountpoint="/",fstype="ext4",device="sda1"}': "390-1x260",
        },
        at: "250m",
        alerts: [
          {
            labels: { instance: "web1", mountpoint: "/" },
            summary: "/ of web1 is full within a day if it goes on like this",
          },
        ],
      },
      silent: {
        why: "it is emptier than half",
        series: {
          'node_filesystem_size_bytes{instance="web1",mountpoint="/",fstype="ext4",device="sda1"}': "1000x260",
          'node_filesystem_avail_bytes{instance="web1",mountpoint="/",fstype="ext4",device="sda1"}': "1000-1x260",
        },
        at: "250m",
      },
    },
    {
      alert: "HostFileSystemReadOnly",
      expr: `
        max by (instance, mountpoint) (node_filesystem_readonly{${dataFileSystem}}) == 1
        and max by (instance, mountpoint) (node_filesystem_readonly{${dataFileSystem}} offset 30m) == 0`,
      for: "2m",
      severity: "critical",
      isKnown: false,
      summary: "{{ $labels.mountpoint }} of {{ $labels.instance }} has become read-only",
      description:
        "The kernel remounts a file system read-only after an error of its disk. Nothing can be written to it.",
      fires: {
        series: { 'node_filesystem_readonly{instance="web1",mountpoint="/",fstype="ext4"}': "0x40 1x10" },
        at: "48m",
        alerts: [{ labels: { instance: "web1", mountpoint: "/" }, summary: "/ of web1 has become read-only" }],
      },
      silent: {
        why: "it always was",
        series: { 'node_filesystem_readonly{instance="web1",mountpoint="/",fstype="ext4"}': "1x50" },
        at: "48m",
      },
    },
    {
      alert: "HostOutOfMemory",
      expr: `max by (instance) (increase(node_vmstat_oom_kill[10m])) > 0`,
      for: "0s",
      severity: "warning",
      isKnown: false,
      summary: "The kernel of {{ $labels.instance }} killed a process for want of memory",
      description: "Which one is in the host's kernel log. It has ended for good, unless something started it again.",
      fires: {
        series: { 'node_vmstat_oom_kill{instance="web1"}': "3x10 4x10" },
        at: "15m",
        alerts: [{ labels: { instance: "web1" }, summary: "The kernel of web1 killed a process for want of memory" }],
      },
      silent: { why: "that was before", series: { 'node_vmstat_oom_kill{instance="web1"}': "3x60" }, at: "30m" },
    },
    {
      alert: "HostMemoryPressure",
      expr: `max by (instance) (rate(node_pressure_memory_stalled_seconds_total[5m])) > 0.1`,
      for: "10m",
      severity: "warning",
      isKnown: false,
      summary: "{{ $labels.instance }} waits for memory {{ $value | humanizePercentage }} of the time",
      description:
        "All its processes stand still for so long because memory has to be freed first. It is close to killing one.",
      fires: {
        series: { 'node_pressure_memory_stalled_seconds_total{instance="web1"}': "0+12x30" },
        at: "20m",
        alerts: [{ labels: { instance: "web1" }, summary: "web1 waits for memory 20% of the time" }],
      },
      silent: {
        why: "a little is usual",
        series: { 'node_pressure_memory_stalled_seconds_total{instance="web1"}': "0+3x30" },
        at: "20m",
      },
    },
    {
      alert: "HostClockWrong",
      expr: `max by (instance) (abs(node_timex_offset_seconds)) > 0.5 or max by (instance) (abs(mycloud_agent_clock_offset_seconds)) > 2`,
      for: "10m",
      severity: "warning",
      isKnown: false,
      summary: "The clock of {{ $labels.instance }} is {{ $value | humanizeDuration }} off",
      description:
        "Times of logs and results of this host are not right, and certificates and one-time codes may be refused.",
      fires: {
        series: { 'node_timex_offset_seconds{instance="web1"}': "-0.75x20" },
        at: "15m",
        alerts: [{ labels: { instance: "web1" }, summary: "The clock of web1 is 750ms off" }],
      },
      silent: {
        why: "it is nearly right",
        series: { 'node_timex_offset_seconds{instance="web1"}': "0.02x20" },
        at: "15m",
      },
    },
  ],
};
