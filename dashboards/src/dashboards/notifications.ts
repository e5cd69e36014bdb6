import type { Dashboard } from "../dashboard/index.ts";
import { badFrom } from "../panel/index.ts";
import { fleetAnnotations, half } from "./shared.ts";

const figure = { kind: "figure", width: 6, height: 4, unit: "short" } as const;

/** Whether people hear of what is found, and what comes from others. */
export const notificationDashboard: Dashboard = {
  uid: "mycloud-notifications",
  title: "MyCloud: Notifications",
  description: "Messages that wait, go out or are given up; alerts that come in; results passed on to other systems.",
  variables: [],
  annotations: fleetAnnotations,
  consolePath: "/#/notifications",
  rows: [
    {
      title: "Now",
      panels: [
        {
          ...figure,
          title: "Waiting",
          description: "Messages that are to be sent.",
          queries: [{ expr: `max(mycloud_notification_messages{phase="queued"})` }],
          thresholds: badFrom(20, 5),
        },
        {
          ...figure,
          title: "Given up",
          description: "Messages that nobody will get. The console says whose, and why.",
          queries: [{ expr: `max(mycloud_notification_messages{phase="dead"})` }],
          thresholds: badFrom(1),
        },
        {
          ...figure,
          title: "Sent within a day",
          description: "Messages that were handed over.",
          queries: [{ expr: `sum(increase(mycloud_notification_attempts_total{outcome="sent"}[1d]))` }],
        },
        {
          ...figure,
          title: "Alerts refused",
          description: "That others sent within an hour, and MyCloud did not take.",
          queries: [{ expr: `sum(increase(mycloud_alerts_received_total{outcome="refused"}[1h]))` }],
          thresholds: badFrom(1),
        },
      ],
    },
    {
      title: "Messages",
      panels: [
        {
          ...half,
          kind: "lines",
          title: "Attempts",
          description: "To hand a message over, within ten minutes, by how it went.",
          queries: [
            { expr: `sum by (outcome) (increase(mycloud_notification_attempts_total[10m]))`, legend: "{{outcome}}" },
          ],
          isStacked: true,
          unit: "short",
          min: 0,
        },
        {
          ...half,
          kind: "lines",
          title: "Waiting and given up",
          description: "Read from the database.",
          queries: [{ expr: `max by (phase) (mycloud_notification_messages)`, legend: "{{phase}}" }],
          unit: "short",
          min: 0,
        },
      ],
    },
    {
      title: "From and to others",
      panels: [
        {
          ...half,
          kind: "lines",
          title: "Alerts that came in",
          description:
            "Within ten minutes, each time they were sent. Known ones are about MyCloud's own states and make no second problem.",
          queries: [{ expr: `sum by (outcome) (increase(mycloud_alerts_received_total[10m]))`, legend: "{{outcome}}" }],
          unit: "short",
          min: 0,
        },
        {
          ...half,
          kind: "lines",
          title: "Results passed on",
          description: "To other monitoring systems: waiting, and what became of the others.",
          queries: [{ expr: `max by (phase) (mycloud_forward_results)`, legend: "{{phase}}" }],
          unit: "short",
          min: 0,
        },
        {
          kind: "table",
          title: "Alerts of Prometheus",
          description: "That fire now, by MyCloud's rules. Those marked known are MyCloud's own states.",
          queries: [
            {
              expr: `max by (alertname, severity, instance, host, service, mycloud_known) (ALERTS{alertstate="firing",alertname=~"MyCloud.*|Host.*"})`,
            },
          ],
          labels: {
            alertname: "Alert",
            severity: "Severity",
            instance: "Instance",
            host: "Host",
            service: "Service",
            mycloud_known: "Known",
          },
          values: ["Firing"],
          width: 24,
          height: 8,
        },
      ],
    },
  ],
};
