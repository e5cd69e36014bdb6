import type { Dashboard } from "../dashboard/index.ts";
import { badFrom } from "../panel/index.ts";
import { fleetAnnotations, third, toHost } from "./shared.ts";

const figure = { kind: "figure", width: 6, height: 4, hasSpark: true } as const;
const rate = "[$__rate_interval]";

const quantile = (share: number, metric: string, by: string) =>
  `histogram_quantile(${share}, sum by (${by}) (rate(${metric}_bucket${rate})))`;

/** The way of log records: read, sent, taken in, stored, sent on. */
export const logDashboard: Dashboard = {
  uid: "mycloud-logs",
  title: "MyCloud: Log pipeline",
  description:
    "Log records on their way: read on hosts, taken in, stored, asked for, sent on. What does not get through, and where it waits.",
  variables: [],
  annotations: fleetAnnotations,
  consolePath: "/#/logs",
  rows: [
    {
      title: "Now",
      panels: [
        {
          ...figure,
          title: "Stored",
          description: "Records a second.",
          queries: [{ expr: `sum(rate(mycloud_logs_stored_records_total${rate}))` }],
          unit: "short",
        },
        {
          ...figure,
          title: "Refused",
          description: "Messages and requests within ten minutes that were not taken.",
          queries: [{ expr: `sum(increase(mycloud_log_receiver_refused_total[10m])) or vector(0)` }],
          unit: "short",
          thresholds: badFrom(1),
        },
        {
          ...figure,
          title: "Waiting on hosts",
          description: "Bytes in the agents' queues.",
          queries: [{ expr: `sum(mycloud_log_pipeline_queue_bytes)` }],
          unit: "bytes",
        },
        {
          ...figure,
          title: "Senders",
          description: "That are connected, agents among them.",
          queries: [{ expr: `sum(mycloud_log_receiver_connections)` }],
          unit: "short",
        },
      ],
    },
    {
      title: "On hosts",
      panels: [
        {
          ...third,
          kind: "lines",
          title: "Records made",
          description: "A second; the ten busiest hosts.",
          queries: [
            {
              expr: `topk(10, sum by (instance) (rate(mycloud_log_pipeline_records_total${rate})))`,
              legend: "{{instance}}",
            },
          ],
          unit: "short",
          min: 0,
          link: toHost(`\${__field.labels.instance}`),
        },
        {
          ...third,
          kind: "lines",
          title: "Not read yet",
          description: "Bytes in files; the ten hosts that are furthest behind.",
          queries: [{ expr: `topk(10, sum by (instance) (mycloud_log_pipeline_lag_bytes))`, legend: "{{instance}}" }],
          unit: "bytes",
          min: 0,
          link: toHost(`\${__field.labels.instance}`),
        },
        {
          ...third,
          kind: "lines",
          title: "Not sent yet",
          description: "Age of the oldest record that waits; the ten hosts where it is highest.",
          queries: [
            {
              expr: `topk(10, max by (instance, destination) (mycloud_log_pipeline_queue_oldest_age_seconds))`,
              legend: "{{instance}} to {{destination}}",
            },
          ],
          unit: "s",
          min: 0,
          link: toHost(`\${__field.labels.instance}`),
        },
        {
          ...third,
          kind: "lines",
          title: "Not as expected",
          description: "Lines a second that their parser did not understand; they are sent as they are.",
          queries: [
            {
              expr: `sum by (source) (rate(mycloud_log_pipeline_parse_failures_total${rate}))`,
              legend: "{{source}}",
            },
          ],
          unit: "short",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Left out",
          description: "Records a second: on purpose, over the rate limit, and because a queue was full.",
          queries: [
            { expr: `sum(rate(mycloud_log_pipeline_filtered_total${rate}))`, legend: "on purpose" },
            { expr: `sum(rate(mycloud_log_pipeline_suppressed_total${rate}))`, legend: "over the limit" },
            { expr: `sum(rate(mycloud_log_pipeline_dropped_records_total${rate}))`, legend: "queue full" },
          ],
          unit: "short",
          min: 0,
        },
        {
          kind: "states",
          title: "Connected",
          description: "Whether the agent's destination takes its logs.",
          queries: [
            {
              expr: `max by (instance, destination) (mycloud_log_pipeline_connected)`,
              legend: "{{instance}} to {{destination}}",
            },
          ],
          words: [
            { value: "0", text: "away", color: "red" },
            { value: "1", text: "connected", color: "green" },
          ],
          ...third,
        },
      ],
    },
    {
      title: "Taken in and stored",
      panels: [
        {
          ...third,
          kind: "lines",
          title: "Records by protocol",
          description: "Received and stored, a second.",
          queries: [
            { expr: `sum by (protocol) (rate(mycloud_log_receiver_records_total${rate}))`, legend: "{{protocol}}" },
          ],
          isStacked: true,
          unit: "short",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Bytes by protocol",
          description: "As they were sent, decompressed.",
          queries: [
            { expr: `sum by (protocol) (rate(mycloud_log_receiver_bytes_total${rate}))`, legend: "{{protocol}}" },
          ],
          isStacked: true,
          unit: "Bps",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Refused",
          description: "By protocol and reason, within five minutes.",
          queries: [
            {
              expr: `sum by (protocol, reason) (increase(mycloud_log_receiver_refused_total[5m]))`,
              legend: "{{protocol}}: {{reason}}",
            },
          ],
          unit: "short",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "How long storing takes",
          description: "A batch, until it is durable.",
          queries: [
            { expr: quantile(0.5, "mycloud_logs_append_duration_seconds", "le"), legend: "half are faster" },
            { expr: quantile(0.99, "mycloud_logs_append_duration_seconds", "le"), legend: "99 of 100 are faster" },
          ],
          unit: "s",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "How long questions take",
          description: "95 of 100 are faster; by what was asked.",
          queries: [
            { expr: quantile(0.95, "mycloud_logs_question_duration_seconds", "question, le"), legend: "{{question}}" },
          ],
          unit: "s",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Sent again",
          description: "Chunks within five minutes that had been stored already. They are stored once.",
          queries: [{ expr: `sum(increase(mycloud_logs_duplicate_chunks_total[5m]))`, legend: "chunks" }],
          unit: "short",
          min: 0,
        },
      ],
    },
    {
      title: "Sent on",
      panels: [
        {
          ...third,
          kind: "lines",
          title: "Records sent on",
          description: "A second, by log forward.",
          queries: [{ expr: `sum by (forward) (rate(mycloud_log_forward_sent_total${rate}))`, legend: "{{forward}}" }],
          unit: "short",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Waiting to be sent on",
          description: "Bytes on disk.",
          queries: [{ expr: `sum by (forward) (mycloud_log_forward_queue_bytes)`, legend: "{{forward}}" }],
          unit: "bytes",
          min: 0,
        },
        {
          ...third,
          kind: "lines",
          title: "Failures and losses",
          description: "Within five minutes.",
          queries: [
            {
              expr: `sum by (forward) (increase(mycloud_log_forward_failures_total[5m]))`,
              legend: "{{forward}} failures",
            },
            { expr: `sum by (forward) (increase(mycloud_log_forward_lost_total[5m]))`, legend: "{{forward}} lost" },
          ],
          unit: "short",
          min: 0,
        },
      ],
    },
  ],
};
