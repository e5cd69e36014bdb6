import type { RuleGroup } from "../rule.ts";

/** Only HARD states that nobody takes care of: what MyCloud notifies of, too. */
const unhandled = (state: number) => `
  max by (host, service) (mycloud_service_state == ${state})
  unless on (host, service) mycloud_service_hard == 0
  unless on (host, service) mycloud_service_acknowledged == 1
  unless on (host, service) mycloud_service_in_downtime == 1
  unless on (host) mycloud_host_state >= 1`;

const disk = `{host="web1",service="disk"}`;
const flags = (state: number, hard = 1, acknowledged = 0): Record<string, string> => ({
  [`mycloud_service_state${disk}`]: `${state}x20`,
  [`mycloud_service_hard${disk}`]: `${hard}x20`,
  [`mycloud_service_acknowledged${disk}`]: `${acknowledged}x20`,
  [`mycloud_service_in_downtime${disk}`]: "0x20",
  'mycloud_host_state{host="web1"}': "0x20",
});
const labels = { host: "web1", service: "disk" };

/** Services, by MyCloud's word. All of them are known to MyCloud: for people whose alerts come from Prometheus. */
export const serviceGroup: RuleGroup = {
  name: "mycloud-services",
  runbook: "services.md",
  recordings: [
    {
      record: "mycloud:services:count",
      expr: `count by (state) (count_values by (host, service) ("state", mycloud_service_state))`,
    },
  ],
  alerts: [
    {
      alert: "MyCloudServiceCritical",
      expr: unhandled(2),
      for: "1m",
      severity: "critical",
      isKnown: true,
      summary: "{{ $labels.service }} on {{ $labels.host }} is CRITICAL",
      description:
        "It is HARD, not acknowledged and in no downtime. What its check said is on the service's page in the console.",
      fires: { series: flags(2), at: "5m", alerts: [{ labels, summary: "disk on web1 is CRITICAL" }] },
      silent: { why: "somebody acknowledged it", series: flags(2, 1, 1), at: "5m" },
    },
    {
      alert: "MyCloudServiceWarning",
      expr: unhandled(1),
      for: "1m",
      severity: "warning",
      isKnown: true,
      summary: "{{ $labels.service }} on {{ $labels.host }} is WARNING",
      description:
        "It is HARD, not acknowledged and in no downtime. What its check said is on the service's page in the console.",
      fires: { series: flags(1), at: "5m", alerts: [{ labels, summary: "disk on web1 is WARNING" }] },
      silent: { why: "it is still SOFT", series: flags(1, 0), at: "5m" },
    },
    {
      alert: "MyCloudServiceUnknown",
      expr: unhandled(3),
      for: "1m",
      severity: "warning",
      isKnown: true,
      summary: "{{ $labels.service }} on {{ $labels.host }} is UNKNOWN",
      description: "Its check cannot tell: it is wrongly configured, lacks something on the host, or takes too long.",
      fires: { series: flags(3), at: "5m", alerts: [{ labels, summary: "disk on web1 is UNKNOWN" }] },
      silent: { why: "it is OK", series: flags(0), at: "5m" },
    },
    {
      alert: "MyCloudServiceStale",
      expr: `max by (host, service) (mycloud_service_stale) == 1 unless on (host) mycloud_host_state >= 1 unless on (host, service) mycloud_service_in_downtime == 1`,
      for: "5m",
      severity: "warning",
      isKnown: true,
      summary: "Nothing is known any more of {{ $labels.service }} on {{ $labels.host }}",
      description:
        "Its last result is overdue: whoever sends it has stopped, or cannot reach the control plane. What is shown is old.",
      fires: {
        series: { [`mycloud_service_stale${disk}`]: "1x20", 'mycloud_host_state{host="web1"}': "0x20" },
        at: "10m",
        alerts: [{ labels, summary: "Nothing is known any more of disk on web1" }],
      },
      silent: {
        why: "the host is down",
        series: { [`mycloud_service_stale${disk}`]: "1x20", 'mycloud_host_state{host="web1"}': "1x20" },
        at: "10m",
      },
    },
  ],
};
