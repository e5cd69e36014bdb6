import { jobName } from "../job-name.ts";
import type { RuleGroup } from "../rule.ts";

/** The way of metrics themselves: what agents push, and what is written to other stores. */
export const metricGroup: RuleGroup = {
  name: "mycloud-metrics",
  runbook: "metrics.md",
  recordings: [],
  alerts: [
    {
      alert: "MyCloudHostPushesNoMetrics",
      expr: `
        (max by (instance) (1 - up{job="${jobName.pushedHosts}"}) == 1)
        unless on (instance) label_replace(mycloud_host_state >= 1, "instance", "$1", "host", "(.*)")`,
      for: "10m",
      severity: "warning",
      isKnown: false,
      summary: "{{ $labels.instance }} has pushed no metrics for a while",
      description: "The host is up by MyCloud's word, and the control plane has no fresh metrics of it to give.",
      fires: {
        series: {
          [`up{job="${jobName.pushedHosts}",instance="web1"}`]: "0x20",
          'mycloud_host_state{host="web1"}': "0x20",
        },
        at: "15m",
        alerts: [{ labels: { instance: "web1" }, summary: "web1 has pushed no metrics for a while" }],
      },
      silent: {
        why: "it does again",
        series: {
          [`up{job="${jobName.pushedHosts}",instance="web1"}`]: "0x9 1x20",
          'mycloud_host_state{host="web1"}': "0x20",
        },
        at: "15m",
      },
    },
    {
      alert: "MyCloudRemoteWriteStuck",
      expr: `
        sum by (remote_write) (increase(mycloud_remote_write_failures_total[10m])) > 0
        unless sum by (remote_write) (increase(mycloud_remote_write_samples_total[10m])) > 0`,
      for: "10m",
      severity: "warning",
      isKnown: false,
      summary: "No samples get through to {{ $labels.remote_write }}",
      description:
        "They wait on disk, in their order, until the queue is full. Charts that are read from that store have a gap until then.",
      fires: {
        series: {
          'mycloud_remote_write_failures_total{remote_write="vm"}': "0+1x40",
          'mycloud_remote_write_samples_total{remote_write="vm"}': "70x40",
        },
        at: "30m",
        alerts: [{ labels: { remote_write: "vm" }, summary: "No samples get through to vm" }],
      },
      silent: {
        why: "some do",
        series: {
          'mycloud_remote_write_failures_total{remote_write="vm"}': "0+1x40",
          'mycloud_remote_write_samples_total{remote_write="vm"}': "0+70x40",
        },
        at: "30m",
      },
    },
    {
      alert: "MyCloudRemoteWriteDrops",
      expr: `
        sum by (remote_write) (increase(mycloud_remote_write_lost_samples_total[15m])) > 0
        or sum by (remote_write) (increase(mycloud_remote_write_refused_samples_total[15m])) > 0
        or sum by (remote_write) (delta(mycloud_remote_write_dropped_bytes[15m])) > 0`,
      for: "0s",
      severity: "warning",
      isKnown: false,
      summary: "Samples for {{ $labels.remote_write }} are lost",
      description:
        "The queue is full, or the store will not have them. Its answer is in the control plane's log and on the page of remote writes.",
      fires: {
        series: { 'mycloud_remote_write_refused_samples_total{remote_write="vm"}': "0x10 12x10" },
        at: "15m",
        alerts: [{ labels: { remote_write: "vm" }, summary: "Samples for vm are lost" }],
      },
      silent: {
        why: "none were",
        series: { 'mycloud_remote_write_refused_samples_total{remote_write="vm"}': "12x30" },
        at: "20m",
      },
    },
    {
      alert: "MyCloudAgentSpoolDrops",
      expr: `sum by (instance) (increase(mycloud_spool_dropped_batches_total[15m])) > 0`,
      for: "0s",
      severity: "warning",
      isKnown: true,
      summary: "The agent of {{ $labels.instance }} has dropped results",
      description:
        "It could not deliver them for so long that its spool was full. There is a gap in the history of its services.",
      fires: {
        series: { 'mycloud_spool_dropped_batches_total{instance="web1"}': "0x10 3x10" },
        at: "15m",
        alerts: [{ labels: { instance: "web1" }, summary: "The agent of web1 has dropped results" }],
      },
      silent: {
        why: "that was before",
        series: { 'mycloud_spool_dropped_batches_total{instance="web1"}': "3x40" },
        at: "30m",
      },
    },
  ],
};
