import type { Dashboard } from "../dashboard/index.ts";
import { badFrom, yesNo } from "../panel/index.ts";
import { jobName } from "../prometheus-rules/index.ts";
import { fleetAnnotations, third } from "./shared.ts";

const job = `job="${jobName.controlPlane}"`;
const figure = { kind: "figure", width: 4, height: 4, hasSpark: true } as const;
const rate = "[$__rate_interval]";
/** Answers that last as long as somebody listens say nothing about speed. */
const short = `route!~".*(events|stream|tail|commands|export|download|live).*"`;

const quantile = (share: number, metric: string, by: string, matchers = "") =>
  `histogram_quantile(${share}, sum by (${by}) (rate(${metric}_bucket{${matchers}}${rate})))`;

/** The control plane itself. */
export const controlPlaneDashboard: Dashboard = {
  uid: "mycloud-control-plane",
  title: "MyCloud: Control plane",
  description:
    "The control plane itself: what it takes in, how fast it answers, what it uses, and the protocols it speaks.",
  variables: [],
  annotations: fleetAnnotations,
  consolePath: "/#/system",
  rows: [
    {
      title: "Now",
      panels: [
        {
          kind: "figure",
          title: "Reached",
          description: "Whether Prometheus gets its metrics.",
          queries: [{ expr: `min(up{${job}})` }],
          words: yesNo("yes", "no", true),
          width: 4,
          height: 4,
        },
        {
          ...figure,
          title: "Results stored",
          description: "Check results a second that became durable.",
          queries: [{ expr: `sum(rate(mycloud_check_results_stored_total${rate}))` }],
          unit: "short",
        },
        {
          ...figure,
          title: "Results waiting",
          description: "For the database.",
          queries: [{ expr: `sum(mycloud_check_results_waiting)` }],
          unit: "short",
          thresholds: badFrom(500, 50),
        },
        {
          ...figure,
          title: "Requests",
          description: "Requests a second.",
          queries: [{ expr: `sum(rate(mycloud_http_request_duration_seconds_count${rate}))` }],
          unit: "reqps",
        },
        {
          ...figure,
          title: "Errors",
          description: "Share of answers that are 5xx.",
          queries: [
            {
              expr: `(sum(rate(mycloud_http_request_duration_seconds_count{status=~"5.."}${rate})) or vector(0)) / sum(rate(mycloud_http_request_duration_seconds_count${rate}))`,
            },
          ],
          unit: "percentunit",
          thresholds: badFrom(0.05, 0.01),
        },
        {
          ...figure,
          title: "Memory",
          description: "In RAM, of all control planes.",
          queries: [{ expr: `sum(process_resident_memory_bytes{${job}})` }],
          unit: "bytes",
        },
      ],
    },
    {
      title: "Results",
      panels: [
        {
          ...third,
          kind: "lines",
          title: "Stored",
          description: "Check results a second.",
          queries: [
            { expr: `sum by (instance) (rate(mycloud_check_results_stored_total${rate}))`, legend: "{{instance}}" },
          ],
          unit: "short",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Waiting",
          description:
            "That have arrived and are not being stored yet. For long above zero: the database is slower than the senders.",
          queries: [{ expr: `sum by (instance) (mycloud_check_results_waiting)`, legend: "{{instance}}" }],
          unit: "short",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Transactions",
          description: "How long one takes, from its first statement to the commit.",
          queries: [
            { expr: quantile(0.5, "mycloud_check_result_transaction_seconds", "le"), legend: "half are faster" },
            { expr: quantile(0.99, "mycloud_check_result_transaction_seconds", "le"), legend: "99 of 100 are faster" },
          ],
          unit: "s",
          min: 0,
        },
      ],
    },
    {
      title: "Requests",
      panels: [
        {
          ...third,
          kind: "lines",
          title: "By status",
          description: "Requests a second.",
          queries: [
            {
              expr: `sum by (status) (rate(mycloud_http_request_duration_seconds_count${rate}))`,
              legend: "{{status}}",
            },
          ],
          isStacked: true,
          unit: "reqps",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Most asked",
          description: "Routes with the most requests a second.",
          queries: [
            {
              expr: `topk(10, sum by (method, route) (rate(mycloud_http_request_duration_seconds_count${rate})))`,
              legend: "{{method}} {{route}}",
            },
          ],
          unit: "reqps",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Slowest",
          description: "95 of 100 answers are faster; without streams.",
          queries: [
            {
              expr: `topk(10, ${quantile(0.95, "mycloud_http_request_duration_seconds", "method, route, le", short)} > 0)`,
              legend: "{{method}} {{route}}",
            },
          ],
          unit: "s",
          min: 0,
        },
      ],
    },
    {
      title: "The process",
      panels: [
        {
          ...third,
          kind: "lines",
          title: "Processor",
          description: "Seconds a second: 1 is one whole processor.",
          queries: [{ expr: `rate(process_cpu_seconds_total{${job}}${rate})`, legend: "{{instance}}" }],
          unit: "short",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Event loop",
          description: "How long it stands still at a time: the mean, and 99 of 100 are shorter.",
          queries: [
            { expr: `nodejs_eventloop_lag_mean_seconds{${job}}`, legend: "{{instance}} mean" },
            { expr: `nodejs_eventloop_lag_p99_seconds{${job}}`, legend: "{{instance}} 99 of 100" },
          ],
          unit: "s",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Memory",
          description: "In RAM, and of that the heap in use.",
          queries: [
            { expr: `process_resident_memory_bytes{${job}}`, legend: "{{instance}} in RAM" },
            { expr: `nodejs_heap_size_used_bytes{${job}}`, legend: "{{instance}} heap" },
          ],
          unit: "bytes",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Garbage collection",
          description: "Share of the time.",
          queries: [
            {
              expr: `sum by (instance, kind) (rate(nodejs_gc_duration_seconds_sum{${job}}${rate}))`,
              legend: "{{instance}} {{kind}}",
            },
          ],
          unit: "percentunit",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Open files",
          description: "And how many there may be, dashed.",
          queries: [
            { expr: `process_open_fds{${job}}`, legend: "{{instance}}" },
            { expr: `process_max_fds{${job}}`, legend: "{{instance}} at most" },
          ],
          dashed: ".* at most",
          unit: "short",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Questions to agents",
          description: "For people who wait, within ten minutes, by how they went.",
          queries: [
            {
              expr: `sum by (kind, outcome) (increase(mycloud_agent_questions_total[10m]))`,
              legend: "{{kind}} {{outcome}}",
            },
          ],
          unit: "short",
          min: 0,
        },
      ],
    },
    {
      title: "Protocols",
      panels: [
        {
          ...third,
          kind: "lines",
          title: "Livestatus",
          description: "How long queries take; 95 of 100 are faster, by table.",
          queries: [
            { expr: quantile(0.95, "mycloud_livestatus_request_duration_seconds", "table, le"), legend: "{{table}}" },
          ],
          unit: "s",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "NSCA and ws-arbiter",
          description: "Results and requests within ten minutes, by how they went.",
          queries: [
            { expr: `sum by (outcome) (increase(mycloud_nsca_results_total[10m]))`, legend: "NSCA {{outcome}}" },
            {
              expr: `sum by (status) (increase(mycloud_ws_arbiter_requests_total[10m]))`,
              legend: "ws-arbiter {{status}}",
            },
          ],
          unit: "short",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Remote write",
          description: "Samples a second that stores took, by remote write.",
          queries: [
            {
              expr: `sum by (remote_write) (rate(mycloud_remote_write_samples_total${rate}))`,
              legend: "{{remote_write}}",
            },
          ],
          unit: "short",
          min: 0,
        },
      ],
    },
  ],
};
