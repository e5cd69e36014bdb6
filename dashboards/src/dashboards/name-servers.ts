import type { Dashboard } from "../dashboard/index.ts";
import { badFrom, yesNo } from "../panel/index.ts";
import { fleetAnnotations, half, instanceVariable, third } from "./shared.ts";

const at = `instance=~"$instance"`;
const rate = "[$__rate_interval]";
const figure = { kind: "figure", width: 4, height: 4, unit: "short" } as const;

/** Name servers, by their own metrics. */
export const nameServerDashboard: Dashboard = {
  uid: "mycloud-dns",
  title: "MyCloud: Name service",
  description: "Name servers: what is asked and answered, how zones stand, what is held back, and what is wrong.",
  variables: [instanceVariable("mycloud_dns_queries_total", "Name server")],
  annotations: fleetAnnotations,
  consolePath: "/#/zones",
  rows: [
    {
      title: "Now",
      panels: [
        {
          ...figure,
          title: "Queries",
          description: "Ordinary queries a second, of all servers.",
          queries: [{ expr: `sum(rate(mycloud_dns_queries_total{${at}}${rate}))` }],
          unit: "reqps",
          hasSpark: true,
        },
        {
          ...figure,
          title: "Zones",
          description: "On the server with the most.",
          queries: [{ expr: `max(mycloud_dns_zones{${at}})` }],
        },
        {
          ...figure,
          title: "Zones with a fault",
          description: "Not loaded, not transferred, expired.",
          queries: [{ expr: `sum(1 - mycloud_dns_zone_ok{${at}}) or vector(0)` }],
          thresholds: badFrom(1),
        },
        {
          ...figure,
          title: "Failures",
          description: "Answers SERVFAIL a second.",
          queries: [{ expr: `sum(rate(mycloud_dns_answers_total{${at},code="SERVFAIL"}${rate})) or vector(0)` }],
          unit: "reqps",
          thresholds: badFrom(1, 0.1),
        },
        {
          ...figure,
          title: "Held back",
          description: "Answers a second, by the rate limit.",
          queries: [{ expr: `sum(rate(mycloud_dns_rate_limited_total{${at}}${rate}))` }],
          unit: "reqps",
          thresholds: badFrom(100, 10),
        },
        {
          ...figure,
          title: "Control plane",
          description: "Whether every server hears it. Without it they answer with what they have.",
          queries: [{ expr: `min(mycloud_dns_control_plane_connected{${at}})` }],
          words: yesNo("heard", "away", true),
        },
      ],
    },
    {
      title: "Questions and answers",
      panels: [
        {
          ...third,
          kind: "lines",
          title: "Queries by server",
          description: "A second. Where one has none, resolvers may not reach it.",
          queries: [
            { expr: `sum by (instance) (rate(mycloud_dns_queries_total{${at}}${rate}))`, legend: "{{instance}}" },
          ],
          unit: "reqps",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Queries by type",
          description: "A second; the ten that are asked for most.",
          queries: [
            {
              expr: `topk(10, sum by (type) (rate(mycloud_dns_queries_by_type_total{${at}}${rate})))`,
              legend: "{{type}}",
            },
          ],
          isStacked: true,
          unit: "reqps",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Answers by result",
          description:
            "A second. Many NXDOMAIN are a misspelt name, or somebody who guesses; REFUSED are zones we have not.",
          queries: [{ expr: `sum by (code) (rate(mycloud_dns_answers_total{${at}}${rate}))`, legend: "{{code}}" }],
          isStacked: true,
          unit: "reqps",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Busiest zones",
          description: "Queries a second.",
          queries: [
            {
              expr: `topk(10, sum by (zone) (rate(mycloud_dns_zone_queries_total{${at}}${rate})))`,
              legend: "{{zone}}",
            },
          ],
          unit: "reqps",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Messages by transport",
          description: "A second. Much TCP beside UDP: answers are too large, or the rate limit sends clients there.",
          queries: [
            {
              expr: `sum by (transport) (rate(mycloud_dns_messages_total{${at}}${rate}))`,
              legend: "{{transport}}",
            },
          ],
          isStacked: true,
          unit: "reqps",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Not answered",
          description: "A second: held back by the rate limit, and thrown away by reason.",
          queries: [
            { expr: `sum(rate(mycloud_dns_rate_limited_total{${at}}${rate}))`, legend: "rate limit" },
            {
              expr: `sum by (reason) (rate(mycloud_dns_lost_total{${at}}${rate})) or vector(0)`,
              legend: "thrown away {{reason}}",
            },
          ],
          unit: "reqps",
          min: 0,
        },
      ],
    },
    {
      title: "Zones",
      panels: [
        {
          kind: "table",
          title: "Zones",
          description: "On each server. Serials of one zone have to be the same everywhere.",
          queries: [
            { expr: `max by (zone, view, instance) (mycloud_dns_zone_serial{${at}})` },
            { expr: `max by (zone, view, instance) (mycloud_dns_zone_records{${at}})` },
            { expr: `max by (zone, view, instance) (mycloud_dns_zone_ok{${at}})` },
            { expr: `sum by (zone, view, instance) (rate(mycloud_dns_zone_queries_total{${at}}[5m]))` },
          ],
          labels: { zone: "Zone", view: "View", instance: "Name server" },
          values: ["Serial", "Records", "Good", "Queries a second"],
          width: 24,
          height: 9,
        },
        {
          ...third,
          kind: "lines",
          title: "Time to expiry",
          description: "Of secondary zones; the ten that are nearest. A saw is healthy, a slope is not.",
          queries: [
            {
              expr: `bottomk(10, min by (zone) (mycloud_dns_zone_expires_timestamp_seconds{${at}} - time()))`,
              legend: "{{zone}}",
            },
          ],
          unit: "s",
        },
        {
          ...third,
          kind: "lines",
          title: "Serials that differ",
          description: "Zones of which servers have several serials; for a moment after a change that is right.",
          queries: [
            {
              expr: `count(max by (zone, view) (mycloud_dns_zone_serial{${at}}) != min by (zone, view) (mycloud_dns_zone_serial{${at}})) or vector(0)`,
              legend: "zones",
            },
          ],
          unit: "short",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Secondaries that do not answer",
          description: "They were told of a change by NOTIFY; by zone.",
          queries: [
            {
              expr: `topk(10, max by (zone) (mycloud_dns_zone_notify_unanswered{${at}}))`,
              legend: "{{zone}}",
            },
          ],
          unit: "short",
          min: 0,
        },
      ],
    },
    {
      title: "Processes",
      panels: [
        {
          ...third,
          kind: "lines",
          title: "Processor",
          description: "Of all workers of a server; 1 is a whole one.",
          queries: [
            {
              expr: `sum by (instance) (rate(mycloud_dns_worker_cpu_seconds_total{${at}}${rate}))`,
              legend: "{{instance}}",
            },
          ],
          unit: "short",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Memory",
          description: "Of all workers of a server.",
          queries: [{ expr: `sum by (instance) (mycloud_dns_worker_memory_bytes{${at}})`, legend: "{{instance}}" }],
          unit: "bytes",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Longest stall",
          description: "Time without an answer since the scrape before.",
          queries: [{ expr: `max by (instance) (mycloud_dns_longest_stall_seconds{${at}})`, legend: "{{instance}}" }],
          unit: "s",
          min: 0,
        },
        {
          ...half,
          kind: "lines",
          title: "Connections",
          description: "By TCP and TLS, open now.",
          queries: [{ expr: `sum by (instance) (mycloud_dns_connections{${at}})`, legend: "{{instance}}" }],
          unit: "short",
          min: 0,
        },
        {
          ...half,
          kind: "lines",
          title: "Faults",
          description: "Workers that died, copies that could not be written or read, zones that are not on the disk.",
          queries: [
            { expr: `sum(increase(mycloud_dns_worker_restarts_total{${at}}[10m]))`, legend: "workers died" },
            { expr: `sum(increase(mycloud_dns_store_faults_total{${at}}[10m]))`, legend: "copies failed" },
            { expr: `sum(mycloud_dns_zones_not_saved{${at}})`, legend: "zones not on disk" },
          ],
          unit: "short",
          min: 0,
        },
      ],
    },
  ],
};
