import { jobName } from "../job-name.ts";
import type { RuleGroup } from "../rule.ts";

const job = `job="${jobName.controlPlane}"`;
/** Answers that last as long as somebody listens say nothing about speed. */
const short = `route!~".*(events|stream|tail|commands|export|download|live).*"`;
const instance = "mycloud:8080";

/** The control plane itself. When it is down it takes no alerts: have another Alertmanager, or Grafana, tell somebody. */
export const controlPlaneGroup: RuleGroup = {
  name: "mycloud-control-plane",
  runbook: "control-plane.md",
  recordings: [
    { record: "mycloud:check_results_stored:rate5m", expr: `sum(rate(mycloud_check_results_stored_total[5m]))` },
    {
      record: "instance:mycloud_http_requests:rate5m",
      expr: `sum by (instance) (rate(mycloud_http_request_duration_seconds_count[5m]))`,
    },
    {
      record: "instance:mycloud_http_errors:ratio_rate5m",
      expr: `(sum by (instance) (rate(mycloud_http_request_duration_seconds_count{status=~"5.."}[5m])) or 0 * sum by (instance) (rate(mycloud_http_request_duration_seconds_count[5m])))
        / (sum by (instance) (rate(mycloud_http_request_duration_seconds_count[5m])) > 0)`,
    },
    {
      record: "instance:mycloud_http_request_duration_seconds:p99_5m",
      expr: `histogram_quantile(0.99, sum by (instance, le) (rate(mycloud_http_request_duration_seconds_bucket{${short}}[5m])))`,
    },
  ],
  alerts: [
    {
      alert: "MyCloudControlPlaneDown",
      expr: `max by (instance) (1 - up{${job}}) == 1`,
      for: "2m",
      severity: "critical",
      isKnown: false,
      summary: "Prometheus cannot reach the control plane {{ $labels.instance }}",
      description:
        "Nothing is decided and nobody is notified while none of them runs. Agents keep their results and send them afterwards.",
      fires: {
        series: { [`up{${job},instance="${instance}"}`]: "1x2 0x10" },
        at: "6m",
        alerts: [{ labels: { instance }, summary: "Prometheus cannot reach the control plane mycloud:8080" }],
      },
      silent: { why: "it restarted", series: { [`up{${job},instance="${instance}"}`]: "1x3 0 1x10" }, at: "6m" },
    },
    {
      alert: "MyCloudIngestBehind",
      expr: `min by (instance) (min_over_time(mycloud_check_results_waiting[10m])) > 50`,
      for: "5m",
      severity: "warning",
      isKnown: false,
      summary: "At least {{ $value }} check results wait for the database of {{ $labels.instance }}",
      description: "They arrive faster than they are stored. States are late by as much.",
      fires: {
        series: { [`mycloud_check_results_waiting{instance="${instance}"}`]: "200x30" },
        at: "20m",
        alerts: [{ labels: { instance }, summary: "At least 200 check results wait for the database of mycloud:8080" }],
      },
      silent: {
        why: "it was a burst",
        series: { [`mycloud_check_results_waiting{instance="${instance}"}`]: "0x9 900x4 0x20" },
        at: "20m",
      },
    },
    {
      alert: "MyCloudIngestStopped",
      expr: `sum(increase(mycloud_check_results_stored_total[10m])) == 0 and sum(mycloud_check_results_stored_total) > 100`,
      for: "5m",
      severity: "critical",
      isKnown: false,
      summary: "No check result has arrived for 10 minutes",
      description:
        "What is shown is old, and is soon marked stale. Look whether agents reach the control plane at all.",
      fires: {
        series: { [`mycloud_check_results_stored_total{instance="${instance}"}`]: "0+50x10 500x30" },
        at: "30m",
        alerts: [{ labels: {}, summary: "No check result has arrived for 10 minutes" }],
      },
      silent: {
        why: "they do",
        series: { [`mycloud_check_results_stored_total{instance="${instance}"}`]: "0+50x40" },
        at: "30m",
      },
    },
    {
      alert: "MyCloudApiErrors",
      expr: `instance:mycloud_http_errors:ratio_rate5m > 0.05`,
      for: "5m",
      severity: "critical",
      isKnown: false,
      summary:
        "{{ $labels.instance }} answers {{ $value | humanizePercentage }} of its requests with an error of its own",
      description: "Most often the database: unreachable, full or locked. The control plane's log says which.",
      fires: {
        series: {
          [`mycloud_http_request_duration_seconds_count{instance="${instance}",status="200"}`]: "0+90x30",
          [`mycloud_http_request_duration_seconds_count{instance="${instance}",status="503"}`]: "0+10x30",
        },
        at: "20m",
        alerts: [
          { labels: { instance }, summary: "mycloud:8080 answers 10% of its requests with an error of its own" },
        ],
      },
      silent: {
        why: "it answers well",
        series: { [`mycloud_http_request_duration_seconds_count{instance="${instance}",status="200"}`]: "0+90x30" },
        at: "20m",
      },
    },
    {
      alert: "MyCloudApiSlow",
      expr: `instance:mycloud_http_request_duration_seconds:p99_5m > 2`,
      for: "10m",
      severity: "warning",
      isKnown: false,
      summary: "{{ $labels.instance }} takes {{ $value | humanizeDuration }} to answer",
      description:
        "99 of 100 requests are faster, without streams. Look at its processor time, its event loop and the database.",
      fires: {
        series: {
          [`mycloud_http_request_duration_seconds_bucket{instance="${instance}",route="/api/v1/hosts",le="1"}`]: "0x40",
          [`mycloud_http_request_duration_seconds_bucket{instance="${instance}",route="/api/v1/hosts",le="5"}`]:
            "0+10x40",
          [`mycloud_http_request_duration_seconds_bucket{instance="${instance}",route="/api/v1/hosts",le="+Inf"}`]:
            "0+10x40",
        },
        at: "25m",
        alerts: [{ labels: { instance }, summary: "mycloud:8080 takes 4.96s to answer" }],
      },
      silent: {
        why: "only streams are long",
        series: {
          [`mycloud_http_request_duration_seconds_bucket{instance="${instance}",route="/api/v1/events",le="1"}`]:
            "0x40",
          [`mycloud_http_request_duration_seconds_bucket{instance="${instance}",route="/api/v1/events",le="+Inf"}`]:
            "0+10x40",
        },
        at: "25m",
      },
    },
    {
      alert: "MyCloudEventLoopLags",
      expr: `max by (instance) (nodejs_eventloop_lag_p99_seconds{${job}}) > 0.5`,
      for: "10m",
      severity: "warning",
      isKnown: false,
      summary: "The control plane {{ $labels.instance }} stands still for {{ $value | humanizeDuration }} at a time",
      description: "Everything waits meanwhile: it has more to do than one processor can.",
      fires: {
        series: { [`nodejs_eventloop_lag_p99_seconds{${job},instance="${instance}"}`]: "0.8x30" },
        at: "20m",
        alerts: [{ labels: { instance }, summary: "The control plane mycloud:8080 stands still for 800ms at a time" }],
      },
      silent: {
        why: "it is quick",
        series: { [`nodejs_eventloop_lag_p99_seconds{${job},instance="${instance}"}`]: "0.01x30" },
        at: "20m",
      },
    },
    {
      alert: "MyCloudControlPlaneRestarts",
      expr: `max by (instance) (changes(process_start_time_seconds{${job}}[30m])) > 2`,
      for: "0s",
      severity: "warning",
      isKnown: false,
      summary: "The control plane {{ $labels.instance }} restarted {{ $value }} times within half an hour",
      description:
        "Something ends it, or it ends itself: want of memory, a full disk, a fault. Its log and the kernel's say which.",
      fires: {
        series: { [`process_start_time_seconds{${job},instance="${instance}"}`]: "100x5 200x5 300x5 400x20" },
        at: "25m",
        alerts: [
          { labels: { instance }, summary: "The control plane mycloud:8080 restarted 3 times within half an hour" },
        ],
      },
      silent: {
        why: "it was updated once",
        series: { [`process_start_time_seconds{${job},instance="${instance}"}`]: "100x5 200x30" },
        at: "25m",
      },
    },
  ],
};
