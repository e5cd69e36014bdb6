import type { Dashboard } from "../dashboard/index.ts";
import { badFrom } from "../panel/index.ts";
import { fleetAnnotations, half, instanceVariable } from "./shared.ts";

const at = `instance=~"$instance"`;
const figure = { kind: "figure", width: 4, height: 4, unit: "short" } as const;

/** Storage servers, by their own metrics. */
export const storageDashboard: Dashboard = {
  uid: "mycloud-storage",
  title: "MyCloud: Storage servers",
  description: "Servers that hold backups: space, requests, what they read again, and what each repository takes.",
  variables: [instanceVariable("mycloud_storage_free_bytes", "Storage server")],
  annotations: fleetAnnotations,
  consolePath: "/#/storage-servers",
  rows: [
    {
      title: "Now",
      panels: [
        {
          ...figure,
          title: "Free",
          description: "Of the fullest server's file system, less what uploads under way will take.",
          queries: [{ expr: `min(mycloud_storage_free_bytes{${at}})` }],
          unit: "bytes",
        },
        {
          ...figure,
          title: "Reserve",
          description: "What uploads leave alone; below it they are refused.",
          queries: [{ expr: `max(mycloud_storage_reserve_bytes{${at}})` }],
          unit: "bytes",
        },
        {
          ...figure,
          title: "Repositories",
          description: "With at least one object.",
          queries: [{ expr: `count(mycloud_storage_repository_size_bytes{${at}})` }],
        },
        {
          ...figure,
          title: "Uploads",
          description: "Under way now.",
          queries: [{ expr: `sum(mycloud_storage_uploads{${at}})` }],
        },
        {
          ...figure,
          title: "Wanted",
          description: "Damaged objects that some agent shall upload again.",
          queries: [{ expr: `sum(mycloud_storage_repository_wanted_objects{${at}})` }],
          thresholds: badFrom(1),
        },
        {
          ...figure,
          title: "Events waiting",
          description: "That were not posted to the control plane yet.",
          queries: [{ expr: `sum(mycloud_storage_events_waiting{${at}})` }],
          thresholds: badFrom(100, 10),
        },
      ],
    },
    {
      title: "Space",
      panels: [
        {
          ...half,
          kind: "lines",
          title: "Free space",
          description: "And the reserve, dashed.",
          queries: [
            { expr: `max by (instance) (mycloud_storage_free_bytes{${at}})`, legend: "{{instance}}" },
            { expr: `max by (instance) (mycloud_storage_reserve_bytes{${at}})`, legend: "{{instance}} reserve" },
          ],
          dashed: ".* reserve",
          unit: "bytes",
          min: 0,
        },
        {
          ...half,
          kind: "lines",
          title: "Largest repositories",
          description: "Bytes of their objects.",
          queries: [
            {
              expr: `topk(15, max by (repository) (mycloud_storage_repository_size_bytes{${at}}))`,
              legend: "{{repository}}",
            },
          ],
          unit: "bytes",
          min: 0,
        },
        {
          kind: "table",
          title: "Repositories",
          description: "What each takes, may take, and holds. A quota of 0 is none.",
          queries: [
            { expr: `max by (repository) (mycloud_storage_repository_size_bytes{${at}})` },
            { expr: `max by (repository) (mycloud_storage_repository_trash_bytes{${at}})` },
            { expr: `max by (repository) (mycloud_storage_repository_snapshots{${at}})` },
            {
              expr: `time() - max by (repository) (mycloud_storage_repository_last_snapshot_timestamp_seconds{${at}})`,
            },
          ],
          labels: { repository: "Repository" },
          values: ["Bytes", "In the trash (bytes)", "Snapshots", "Newest (seconds ago)"],
          width: 24,
          height: 8,
        },
      ],
    },
    {
      title: "Work",
      panels: [
        {
          ...half,
          kind: "lines",
          title: "Requests",
          description: "A second, by status. 499 is a client that went away.",
          queries: [
            {
              expr: `sum by (status) (rate(mycloud_storage_requests_total{${at}}[$__rate_interval]))`,
              legend: "{{status}}",
            },
          ],
          isStacked: true,
          unit: "reqps",
          min: 0,
        },
        {
          ...half,
          kind: "lines",
          title: "How long answers take",
          description: "99 of 100 are faster, by method.",
          queries: [
            {
              expr: `histogram_quantile(0.99, sum by (method, le) (rate(mycloud_storage_request_duration_seconds_bucket{${at}}[$__rate_interval])))`,
              legend: "{{method}}",
            },
          ],
          unit: "s",
          min: 0,
        },
        {
          ...half,
          kind: "lines",
          title: "Received and sent",
          description: "Bytes of objects.",
          queries: [
            {
              expr: `sum by (direction) (rate(mycloud_storage_transferred_bytes_total{${at}}[$__rate_interval]))`,
              legend: "{{direction}}",
            },
          ],
          unit: "Bps",
          min: 0,
        },
        {
          ...half,
          kind: "lines",
          title: "Read again",
          description: "Bytes that the scrub compares with their names, and what it found damaged within an hour.",
          queries: [
            {
              expr: `sum by (instance) (rate(mycloud_storage_scrubbed_bytes_total{${at}}[$__rate_interval]))`,
              legend: "{{instance}}",
            },
          ],
          unit: "Bps",
          min: 0,
        },
        {
          ...half,
          kind: "lines",
          title: "Refused",
          description: "Requests a second, for who sent them or what they may do.",
          queries: [
            {
              expr: `sum by (reason) (rate(mycloud_storage_authentication_failures_total{${at}}[$__rate_interval]))`,
              legend: "{{reason}}",
            },
          ],
          unit: "reqps",
          min: 0,
        },
        {
          ...half,
          kind: "lines",
          title: "Since when everything was read",
          description: "Age of the last whole pass of the scrub, by repository; the oldest.",
          queries: [
            {
              expr: `topk(15, max by (repository) (mycloud_storage_repository_scrub_age_seconds{${at}}))`,
              legend: "{{repository}}",
            },
          ],
          unit: "s",
          min: 0,
          thresholds: badFrom(45 * 86_400),
        },
      ],
    },
  ],
};
