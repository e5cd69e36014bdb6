import { jobName } from "../job-name.ts";
import type { RuleGroup } from "../rule.ts";

const instance = "ns1:9353";
const up = `up{job="${jobName.nameServers}",instance="${instance}"}`;
const one = { instance };
/** A series of one name server, with labels of its own. */
const of = (metric: string, labels = "") => `mycloud_dns_${metric}{instance="${instance}"${labels}}`;
const zone = `,zone="example.org",view=""`;
const ofZone = { zone: "example.org" };

/** Name servers, by their own metrics. */
export const nameServerGroup: RuleGroup = {
  name: "mycloud-name-servers",
  runbook: "name-servers.md",
  recordings: [
    {
      record: "mycloud:dns_queries:rate5m",
      expr: `sum by (instance) (rate(mycloud_dns_queries_total[5m]))`,
    },
    {
      record: "mycloud:dns_answers:rate5m",
      expr: `sum by (instance, code) (rate(mycloud_dns_answers_total[5m]))`,
    },
  ],
  alerts: [
    {
      alert: "MyCloudNameServerDown",
      expr: `max by (instance) (1 - up{job="${jobName.nameServers}"}) == 1`,
      for: "3m",
      severity: "critical",
      isKnown: false,
      summary: "Prometheus cannot reach the name server {{ $labels.instance }}",
      description: "Others of its zones answer meanwhile; resolvers try them after a moment.",
      fires: {
        series: { [up]: "0x10" },
        at: "6m",
        alerts: [{ labels: one, summary: `Prometheus cannot reach the name server ${instance}` }],
      },
      silent: { why: "it was started again", series: { [up]: "1x5 0x1 1x10" }, at: "8m" },
    },
    {
      alert: "MyCloudNameServerSilent",
      expr: `
        sum by (instance) (rate(mycloud_dns_messages_total[15m])) == 0
        and sum by (instance) (rate(mycloud_dns_messages_total[15m] offset 1h)) > 1`,
      for: "10m",
      severity: "warning",
      isKnown: false,
      summary: "Nobody asks the name server {{ $labels.instance }} any more",
      description: "An hour ago there were queries. A firewall, an address, or a delegation has changed.",
      fires: {
        series: { [of("messages_total", `,transport="udp"`)]: "0+600x60 36000x120" },
        at: "100m",
        alerts: [{ labels: one, summary: `Nobody asks the name server ${instance} any more` }],
      },
      silent: {
        why: "hardly anybody ever asked",
        series: { [of("messages_total", `,transport="udp"`)]: "0+6x60 360x120" },
        at: "100m",
      },
    },
    {
      alert: "MyCloudZoneNotServed",
      expr: `max by (instance, zone, view) (1 - mycloud_dns_zone_ok) == 1`,
      for: "10m",
      severity: "critical",
      isKnown: false,
      summary: "Something is wrong with the zone {{ $labels.zone }} on {{ $labels.instance }}",
      description:
        "It could not be loaded, or not be transferred from its primaries; what was there last is served until it expires.",
      fires: {
        series: { [of("zone_ok", zone)]: "0x30" },
        at: "15m",
        alerts: [
          {
            labels: { ...one, ...ofZone },
            summary: `Something is wrong with the zone example.org on ${instance}`,
          },
        ],
      },
      silent: { why: "one transfer failed", series: { [of("zone_ok", zone)]: "1x5 0x4 1x20" }, at: "15m" },
    },
    {
      alert: "MyCloudZoneExpired",
      expr: `max by (instance, zone, view) (mycloud_dns_zone_expires_timestamp_seconds) < time()`,
      for: "0s",
      severity: "critical",
      isKnown: false,
      summary: "The zone {{ $labels.zone }} has expired on {{ $labels.instance }}",
      description: "Its primaries could not be reached for its expire time: it answers SERVFAIL for it.",
      fires: {
        series: { [of("zone_expires_timestamp_seconds", zone)]: "600x30" },
        at: "15m",
        alerts: [{ labels: { ...one, ...ofZone }, summary: `The zone example.org has expired on ${instance}` }],
      },
      silent: {
        why: "it was refreshed",
        series: { [of("zone_expires_timestamp_seconds", zone)]: "600+60x30" },
        at: "15m",
      },
    },
    {
      alert: "MyCloudZoneExpiresSoon",
      // A zone whose expire time is short is near it always, but moves on with each refresh.
      expr: `
        max by (instance, zone, view) (mycloud_dns_zone_expires_timestamp_seconds - time()) < 2 * 86400
        and max by (instance, zone, view) (mycloud_dns_zone_expires_timestamp_seconds) > time()
        and max by (instance, zone, view) (changes(mycloud_dns_zone_expires_timestamp_seconds[6h])) == 0`,
      for: "1h",
      severity: "warning",
      isKnown: false,
      summary: "The zone {{ $labels.zone }} expires soon on {{ $labels.instance }}",
      description:
        "In less than two days, and its primaries have not answered for hours. After that it answers SERVFAIL.",
      fires: {
        series: { [of("zone_expires_timestamp_seconds", zone)]: "100000x500" },
        at: "120m",
        alerts: [{ labels: { ...one, ...ofZone }, summary: `The zone example.org expires soon on ${instance}` }],
      },
      silent: {
        why: "its expire time is short, and it is refreshed",
        series: { [of("zone_expires_timestamp_seconds", zone)]: "100000+60x500" },
        at: "120m",
      },
    },
    {
      alert: "MyCloudZoneSerialBehind",
      // One that has not what another had ten minutes ago; where all agree the serial went around or was set back.
      expr: `
        max by (instance, zone, view) (mycloud_dns_zone_serial)
        < on (zone, view) group_left () max by (zone, view) (mycloud_dns_zone_serial offset 10m)
        and on (zone, view) max by (zone, view) (mycloud_dns_zone_serial) > min by (zone, view) (mycloud_dns_zone_serial)`,
      for: "5m",
      severity: "warning",
      isKnown: false,
      summary: "The zone {{ $labels.zone }} is behind on {{ $labels.instance }}",
      description: "Another name server had a newer serial ten minutes ago: answers differ by who is asked.",
      fires: {
        series: {
          [of("zone_serial", zone)]: "7x60",
          [`mycloud_dns_zone_serial{instance="ns2:9353"${zone}}`]: "7x5 8x60",
        },
        at: "30m",
        alerts: [{ labels: { ...one, ...ofZone }, summary: `The zone example.org is behind on ${instance}` }],
      },
      silent: {
        why: "it follows within minutes, always",
        series: {
          [of("zone_serial", zone)]: "7x5 8+1x60",
          [`mycloud_dns_zone_serial{instance="ns2:9353"${zone}}`]: "7x3 8+1x60",
        },
        at: "30m",
      },
    },
    {
      alert: "MyCloudNameServerFails",
      expr: `
        mycloud:dns_answers:rate5m{code="SERVFAIL"} / on (instance) group_left () (sum by (instance) (mycloud:dns_answers:rate5m) > 0) > 0.05
        and mycloud:dns_answers:rate5m{code="SERVFAIL"} > 0.1`,
      for: "10m",
      severity: "critical",
      isKnown: false,
      summary: "{{ $value | humanizePercentage }} of the answers of {{ $labels.instance }} are SERVFAIL",
      description: "An expired zone, or resolvers that it passes questions to and that do not answer.",
      fires: {
        series: {
          [of("answers_total", `,code="SERVFAIL"`)]: "0+60x40",
          [of("answers_total", `,code="NOERROR"`)]: "0+60x40",
        },
        at: "30m",
        alerts: [{ labels: { ...one, code: "SERVFAIL" }, summary: `50% of the answers of ${instance} are SERVFAIL` }],
      },
      silent: {
        why: "they are few",
        series: {
          [of("answers_total", `,code="SERVFAIL"`)]: "0+60x40",
          [of("answers_total", `,code="NOERROR"`)]: "0+6000x40",
        },
        at: "30m",
      },
    },
    {
      alert: "MyCloudNameServerFlooded",
      expr: `sum by (instance) (rate(mycloud_dns_rate_limited_total[10m])) > 10`,
      for: "10m",
      severity: "warning",
      isKnown: false,
      summary: "The rate limit of {{ $labels.instance }} holds back {{ $value | humanize }} answers a second",
      description:
        "Most likely somebody uses it to flood others by forged addresses, or a resolver asks without a cache.",
      fires: {
        series: { [of("rate_limited_total")]: "0+6000x60" },
        at: "30m",
        alerts: [{ labels: one, summary: `The rate limit of ${instance} holds back 100 answers a second` }],
      },
      silent: { why: "it was a moment", series: { [of("rate_limited_total")]: "0x10 9000x60" }, at: "25m" },
    },
    {
      alert: "MyCloudNameServerRefuses",
      expr: `sum by (instance) (mycloud:dns_answers:rate5m{code=~"REFUSED|NOTAUTH"}) > 1`,
      for: "15m",
      severity: "warning",
      isKnown: false,
      summary: "{{ $labels.instance }} refuses {{ $value | humanize }} requests a second",
      description:
        "Questions for zones that it has not, or transfers and updates without the key or address that they want.",
      fires: {
        series: { [of("answers_total", `,code="REFUSED"`)]: "0+300x60" },
        at: "40m",
        alerts: [{ labels: one, summary: `${instance} refuses 5 requests a second` }],
      },
      silent: {
        why: "somebody tries now and then",
        series: { [of("answers_total", `,code="REFUSED"`)]: "0+6x60" },
        at: "40m",
      },
    },
    {
      alert: "MyCloudSecondaryDoesNotAnswer",
      expr: `max by (instance, zone, view) (mycloud_dns_zone_notify_unanswered) > 0`,
      for: "1h",
      severity: "warning",
      isKnown: false,
      summary: "{{ $value }} secondaries of {{ $labels.zone }} do not answer {{ $labels.instance }}",
      description:
        "They were told of a change by NOTIFY and did not answer: they may have an old serial until they ask by themselves.",
      fires: {
        series: { [of("zone_notify_unanswered", zone)]: "2x100" },
        at: "90m",
        alerts: [{ labels: { ...one, ...ofZone }, summary: `2 secondaries of example.org do not answer ${instance}` }],
      },
      silent: {
        why: "it answered the second time",
        series: { [of("zone_notify_unanswered", zone)]: "0x10 1x10 0x90" },
        at: "90m",
      },
    },
    {
      alert: "MyCloudNameServerAlone",
      expr: `max by (instance) (1 - mycloud_dns_control_plane_connected) == 1`,
      for: "15m",
      severity: "warning",
      isKnown: false,
      summary: "The name server {{ $labels.instance }} does not hear the control plane",
      description: "It answers with what it has. Changes, and answers that follow states of services, do not reach it.",
      fires: {
        series: { [of("control_plane_connected")]: "0x40" },
        at: "20m",
        alerts: [{ labels: one, summary: `The name server ${instance} does not hear the control plane` }],
      },
      silent: {
        why: "the control plane was updated",
        series: { [of("control_plane_connected")]: "1x5 0x5 1x30" },
        at: "20m",
      },
    },
    {
      alert: "MyCloudNameServerUnsaved",
      expr: `max by (instance) (mycloud_dns_zones_not_saved) > 0`,
      for: "15m",
      severity: "warning",
      isKnown: false,
      summary: "{{ $value }} zones of {{ $labels.instance }} are not on its disk",
      description:
        "Its disk is full or cannot be written: started again without the control plane it has not these zones, or old ones.",
      fires: {
        series: { [of("zones_not_saved")]: "3x40" },
        at: "20m",
        alerts: [{ labels: one, summary: `3 zones of ${instance} are not on its disk` }],
      },
      silent: { why: "they are soon", series: { [of("zones_not_saved")]: "0x5 3x2 0x40" }, at: "20m" },
    },
    {
      alert: "MyCloudNameServerCrashes",
      expr: `sum by (instance) (increase(mycloud_dns_worker_restarts_total[15m])) > 2`,
      for: "0s",
      severity: "warning",
      isKnown: false,
      summary: "Processes of the name server {{ $labels.instance }} die again and again",
      description: "Each is replaced at once, but what it was asked meanwhile is lost.",
      fires: {
        series: { [of("worker_restarts_total")]: "0+1x40" },
        at: "30m",
        alerts: [{ labels: one, summary: `Processes of the name server ${instance} die again and again` }],
      },
      silent: { why: "one did", series: { [of("worker_restarts_total")]: "0x10 1x40" }, at: "30m" },
    },
  ],
};
