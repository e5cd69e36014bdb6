import { jobName } from "../job-name.ts";
import type { RuleGroup } from "../rule.ts";

const up = `up{job="${jobName.storage}",instance="backup1:8081"}`;

/** Storage servers, by their own metrics. */
export const storageGroup: RuleGroup = {
  name: "mycloud-storage",
  runbook: "storage.md",
  recordings: [],
  alerts: [
    {
      alert: "MyCloudStorageServerDown",
      expr: `max by (instance) (1 - up{job="${jobName.storage}"}) == 1`,
      for: "5m",
      severity: "critical",
      isKnown: false,
      summary: "Prometheus cannot reach the storage server {{ $labels.instance }}",
      description: "Backups to it wait, and nothing can be brought back from it.",
      fires: {
        series: { [up]: "0x10" },
        at: "8m",
        alerts: [
          { labels: { instance: "backup1:8081" }, summary: "Prometheus cannot reach the storage server backup1:8081" },
        ],
      },
      silent: { why: "it was away for a moment", series: { [up]: "1x5 0x2 1x10" }, at: "8m" },
    },
    {
      alert: "MyCloudStorageFillsUp",
      // First backups are large: before half a day is known they would foretell too much.
      expr: `
        max by (instance) (predict_linear(mycloud_storage_free_bytes[1d], 7 * 86400)) < max by (instance) (mycloud_storage_reserve_bytes)
        and max by (instance) (mycloud_storage_free_bytes offset 12h) >= 0`,
      for: "1h",
      severity: "warning",
      isKnown: false,
      summary: "The storage server {{ $labels.instance }} has room for less than a week",
      description:
        "By the growth of the last day, once half of it is known. When only its reserve is left it refuses uploads, and backups fail.",
      fires: {
        series: {
          'mycloud_storage_free_bytes{instance="backup1:8081"}': "1000000-100x900",
          'mycloud_storage_reserve_bytes{instance="backup1:8081"}': "10000x900",
        },
        at: "800m",
        alerts: [
          {
            labels: { instance: "backup1:8081" },
            summary: "The storage server backup1:8081 has room for less than a week",
          },
        ],
      },
      silent: {
        why: "it does not grow",
        series: {
          'mycloud_storage_free_bytes{instance="backup1:8081"}': "1000000x900",
          'mycloud_storage_reserve_bytes{instance="backup1:8081"}': "10000x900",
        },
        at: "800m",
      },
    },
    {
      alert: "MyCloudStorageErrors",
      expr: `sum by (instance) (increase(mycloud_storage_requests_total{status=~"5.."}[15m])) > 5`,
      for: "5m",
      severity: "warning",
      isKnown: false,
      summary:
        "The storage server {{ $labels.instance }} answered {{ $value | humanize }} requests with an error of its own",
      description: "Most often its disk: full, read-only or failing. Its log says which.",
      fires: {
        series: {
          'mycloud_storage_requests_total{instance="backup1:8081",method="POST",type="data",status="507"}': "0+1x30",
        },
        at: "25m",
        alerts: [
          {
            labels: { instance: "backup1:8081" },
            summary: "The storage server backup1:8081 answered 15 requests with an error of its own",
          },
        ],
      },
      silent: {
        why: "these are the clients' faults",
        series: {
          'mycloud_storage_requests_total{instance="backup1:8081",method="GET",type="data",status="404"}': "0+9x30",
        },
        at: "25m",
      },
    },
    {
      alert: "MyCloudStorageScrubLate",
      expr: `max by (instance) (mycloud_storage_repository_scrub_age_seconds) > 45 * 86400`,
      for: "1h",
      severity: "warning",
      isKnown: false,
      summary:
        "A repository of the storage server {{ $labels.instance }} was last read whole {{ $value | humanizeDuration }} ago",
      description:
        "What rots on its disk is not noticed. It scrubs continuously unless it is told not to, or has no time.",
      fires: {
        series: {
          'mycloud_storage_repository_scrub_age_seconds{instance="backup1:8081",repository="a/b"}': "4320000x90",
        },
        at: "80m",
        alerts: [
          {
            labels: { instance: "backup1:8081" },
            summary: "A repository of the storage server backup1:8081 was last read whole 50d 0h 0m 0s ago",
          },
        ],
      },
      silent: {
        why: "it was this month",
        series: {
          'mycloud_storage_repository_scrub_age_seconds{instance="backup1:8081",repository="a/b"}': "864000x90",
        },
        at: "80m",
      },
    },
  ],
};
