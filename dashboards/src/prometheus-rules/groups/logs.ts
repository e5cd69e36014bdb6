import type { RuleGroup } from "../rule.ts";

/** The way of log records: taken in, stored, sent on. What stays behind on a host is the check log-pipeline's. */
export const logGroup: RuleGroup = {
  name: "mycloud-logs",
  runbook: "logs.md",
  recordings: [
    { record: "mycloud:log_records_stored:rate5m", expr: `sum(rate(mycloud_logs_stored_records_total[5m]))` },
    {
      record: "mycloud:logs_append_duration_seconds:p99_5m",
      expr: `histogram_quantile(0.99, sum by (le) (rate(mycloud_logs_append_duration_seconds_bucket[5m])))`,
    },
  ],
  alerts: [
    {
      alert: "MyCloudLogsRefused",
      expr: `sum by (protocol, reason) (increase(mycloud_log_receiver_refused_total[10m])) > 0`,
      for: "10m",
      severity: "warning",
      isKnown: false,
      summary: "Logs by {{ $labels.protocol }} are refused: {{ $labels.reason }}",
      description:
        "It has gone on for a while: a sender is wrongly configured, or sends more than it may. What came by UDP is lost.",
      fires: {
        series: { 'mycloud_log_receiver_refused_total{protocol="syslog-udp",reason="quota"}': "0+3x40" },
        at: "30m",
        alerts: [
          { labels: { protocol: "syslog-udp", reason: "quota" }, summary: "Logs by syslog-udp are refused: quota" },
        ],
      },
      silent: {
        why: "it was one message",
        series: { 'mycloud_log_receiver_refused_total{protocol="syslog-udp",reason="quota"}': "0x5 1x40" },
        at: "17m",
      },
    },
    {
      alert: "MyCloudLogStoreBusy",
      expr: `sum by (reason) (increase(mycloud_logs_refused_batches_total[5m])) > 0`,
      for: "5m",
      severity: "warning",
      isKnown: false,
      summary: "The store of logs does not keep up ({{ $labels.reason }})",
      description: "Senders keep what they have and send it again, until their queues are full.",
      fires: {
        series: { 'mycloud_logs_refused_batches_total{reason="busy"}': "0+1x30" },
        at: "20m",
        alerts: [{ labels: { reason: "busy" }, summary: "The store of logs does not keep up (busy)" }],
      },
      silent: { why: "it does", series: { 'mycloud_logs_refused_batches_total{reason="busy"}': "7x30" }, at: "20m" },
    },
    {
      alert: "MyCloudLogStoreSlow",
      expr: `mycloud:logs_append_duration_seconds:p99_5m > 2`,
      for: "10m",
      severity: "warning",
      isKnown: false,
      summary: "Storing a batch of logs takes {{ $value | humanizeDuration }}",
      description: "99 of 100 are faster. The disk of the state directory is slow or busy, or ClickHouse is.",
      fires: {
        series: {
          'mycloud_logs_append_duration_seconds_bucket{le="1"}': "0x40",
          'mycloud_logs_append_duration_seconds_bucket{le="5"}': "0+10x40",
          'mycloud_logs_append_duration_seconds_bucket{le="+Inf"}': "0+10x40",
        },
        at: "25m",
        alerts: [{ labels: {}, summary: "Storing a batch of logs takes 4.96s" }],
      },
      silent: {
        why: "it takes less than a second",
        series: {
          'mycloud_logs_append_duration_seconds_bucket{le="1"}': "0+10x40",
          'mycloud_logs_append_duration_seconds_bucket{le="5"}': "0+10x40",
          'mycloud_logs_append_duration_seconds_bucket{le="+Inf"}': "0+10x40",
        },
        at: "25m",
      },
    },
    {
      alert: "MyCloudLogForwardStuck",
      expr: `
        sum by (forward) (increase(mycloud_log_forward_failures_total[10m])) > 0
        unless sum by (forward) (increase(mycloud_log_forward_sent_total[10m])) > 0`,
      for: "10m",
      severity: "warning",
      isKnown: false,
      summary: "No logs get through to {{ $labels.forward }}",
      description: "They wait on disk, in the order in which they came, until the queue is full.",
      fires: {
        series: {
          'mycloud_log_forward_failures_total{forward="siem"}': "0+1x40",
          'mycloud_log_forward_sent_total{forward="siem"}': "900x40",
        },
        at: "30m",
        alerts: [{ labels: { forward: "siem" }, summary: "No logs get through to siem" }],
      },
      silent: {
        why: "some do",
        series: {
          'mycloud_log_forward_failures_total{forward="siem"}': "0+1x40",
          'mycloud_log_forward_sent_total{forward="siem"}': "0+90x40",
        },
        at: "30m",
      },
    },
    {
      alert: "MyCloudLogForwardDrops",
      expr: `
        sum by (forward) (increase(mycloud_log_forward_lost_total[15m])) > 0
        or sum by (forward) (delta(mycloud_log_forward_dropped_bytes[15m])) > 0`,
      for: "0s",
      severity: "critical",
      isKnown: false,
      summary: "Logs for {{ $labels.forward }} are lost",
      description:
        "Its queue is full, or could not be written. MyCloud's own store has them; they can be sent again from there by an export.",
      fires: {
        series: { 'mycloud_log_forward_dropped_bytes{forward="siem"}': "0x10 4096x10" },
        at: "15m",
        alerts: [{ labels: { forward: "siem" }, summary: "Logs for siem are lost" }],
      },
      silent: {
        why: "that was yesterday",
        series: { 'mycloud_log_forward_dropped_bytes{forward="siem"}': "4096x40" },
        at: "30m",
      },
    },
    {
      alert: "MyCloudLogPipelineBehind",
      expr: `max by (instance, destination) (mycloud_log_pipeline_queue_oldest_age_seconds) > 900`,
      for: "5m",
      severity: "warning",
      isKnown: true,
      summary:
        "Logs of {{ $labels.instance }} wait for {{ $labels.destination }} since {{ $value | humanizeDuration }}",
      description: "They are on the host's disk until its queue is full. The host's service log-pipeline tells why.",
      fires: {
        series: {
          'mycloud_log_pipeline_queue_oldest_age_seconds{instance="web1",destination="control-plane"}': "1800x30",
        },
        at: "20m",
        alerts: [
          {
            labels: { instance: "web1", destination: "control-plane" },
            summary: "Logs of web1 wait for control-plane since 30m 0s",
          },
        ],
      },
      silent: {
        why: "they wait for seconds",
        series: {
          'mycloud_log_pipeline_queue_oldest_age_seconds{instance="web1",destination="control-plane"}': "3x30",
        },
        at: "20m",
      },
    },
    {
      alert: "MyCloudLogPipelineDrops",
      expr: `
        sum by (instance) (increase(mycloud_log_pipeline_dropped_records_total[15m])) > 0
        or sum by (instance) (increase(mycloud_log_pipeline_lost_files_total[15m])) > 0`,
      for: "0s",
      severity: "critical",
      isKnown: true,
      summary: "{{ $labels.instance }} loses logs",
      description: "Its queue is full, or a file was gone before it was read to its end.",
      fires: {
        series: {
          'mycloud_log_pipeline_dropped_records_total{instance="web1",destination="control-plane"}': "0x10 70x10",
        },
        at: "15m",
        alerts: [{ labels: { instance: "web1" }, summary: "web1 loses logs" }],
      },
      silent: {
        why: "that was before",
        series: { 'mycloud_log_pipeline_dropped_records_total{instance="web1",destination="control-plane"}': "70x40" },
        at: "30m",
      },
    },
  ],
};
