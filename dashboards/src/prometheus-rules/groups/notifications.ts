import type { RuleGroup } from "../rule.ts";

/** Whether people hear of what is found. MyCloud cannot tell that by mail, so these come from outside. */
export const notificationGroup: RuleGroup = {
  name: "mycloud-notifications",
  runbook: "notifications.md",
  recordings: [],
  alerts: [
    {
      alert: "MyCloudNotificationsFail",
      expr: `
        sum(increase(mycloud_notification_attempts_total{outcome=~"retry|dead"}[15m])) > 2
        unless sum(increase(mycloud_notification_attempts_total{outcome="sent"}[15m])) > 0`,
      for: "5m",
      severity: "critical",
      isKnown: false,
      summary: "No message of MyCloud gets through",
      description: "Every attempt of the last quarter of an hour failed. Problems are found, and nobody hears of them.",
      fires: {
        series: {
          'mycloud_notification_attempts_total{outcome="retry"}': "0+1x40",
          'mycloud_notification_attempts_total{outcome="sent"}': "50x40",
        },
        at: "25m",
        alerts: [{ labels: {}, summary: "No message of MyCloud gets through" }],
      },
      silent: {
        why: "some get through",
        series: {
          'mycloud_notification_attempts_total{outcome="retry"}': "0+1x40",
          'mycloud_notification_attempts_total{outcome="sent"}': "0+1x40",
        },
        at: "25m",
      },
    },
    {
      alert: "MyCloudNotificationsWait",
      expr: `min_over_time(max(mycloud_notification_messages{phase="queued"})[15m:1m]) > 0`,
      for: "5m",
      severity: "warning",
      isKnown: false,
      summary: "Messages of MyCloud wait to be sent: never fewer than {{ $value }} in a quarter of an hour",
      description: "The mail server or channel is slow, or refuses them for now.",
      fires: {
        series: { 'mycloud_notification_messages{phase="queued"}': "3x40" },
        at: "25m",
        alerts: [
          { labels: {}, summary: "Messages of MyCloud wait to be sent: never fewer than 3 in a quarter of an hour" },
        ],
      },
      silent: {
        why: "they go out in between",
        series: { 'mycloud_notification_messages{phase="queued"}': "3x5 0 4x9 0 2x20" },
        at: "19m",
      },
    },
    {
      alert: "MyCloudNotificationsDead",
      expr: `max(mycloud_notification_messages{phase="dead"}) > (max(mycloud_notification_messages{phase="dead"} offset 1h) or vector(0))`,
      for: "0s",
      severity: "warning",
      isKnown: false,
      summary: "Messages of MyCloud were given up",
      description: "Nobody will get them. The console's page of notifications names them, and why.",
      fires: {
        series: { 'mycloud_notification_messages{phase="dead"}': "1x65 2x20" },
        at: "70m",
        alerts: [{ labels: {}, summary: "Messages of MyCloud were given up" }],
      },
      silent: { why: "those are old", series: { 'mycloud_notification_messages{phase="dead"}': "2x90" }, at: "70m" },
    },
    {
      alert: "MyCloudAlertsRefused",
      expr: `sum(increase(mycloud_alerts_received_total{outcome="refused"}[15m])) > 0`,
      for: "5m",
      severity: "warning",
      isKnown: false,
      summary: "MyCloud refuses alerts that are sent to it",
      description:
        "Their host or service is not known, and the sender's token may not create it (scope ingest:register), or they are malformed.",
      fires: {
        series: { 'mycloud_alerts_received_total{outcome="refused"}': "0+1x40" },
        at: "30m",
        alerts: [{ labels: {}, summary: "MyCloud refuses alerts that are sent to it" }],
      },
      silent: {
        why: "it takes them",
        series: { 'mycloud_alerts_received_total{outcome="stored"}': "0+1x40" },
        at: "30m",
      },
    },
  ],
};
