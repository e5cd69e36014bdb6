import type { Dashboard } from "../dashboard/index.ts";
import { badFrom, serviceStates } from "../panel/index.ts";
import { fleetAnnotations, half, toHost, toService } from "./shared.ts";

const figure = { kind: "figure", width: 4, height: 4, unit: "short" } as const;

/** Backups against what was promised. */
export const backupDashboard: Dashboard = {
  uid: "mycloud-backups",
  title: "MyCloud: Backup objectives",
  description: "Backups against their objectives: how old the newest snapshots are, what runs, what was proven.",
  variables: [],
  annotations: fleetAnnotations,
  consolePath: "/#/backup-repositories",
  rows: [
    {
      title: "Now",
      panels: [
        {
          ...figure,
          title: "Within the objective",
          description: "Repositories whose newest snapshot is young enough.",
          queries: [{ expr: `max(mycloud_backup_repositories{freshness="OK"})` }],
          thresholds: [{ from: null, color: "green" }],
        },
        {
          ...figure,
          title: "Nearly late",
          description: "Four fifths of the objective have passed.",
          queries: [{ expr: `max(mycloud_backup_repositories{freshness="WARNING"})` }],
          thresholds: [
            { from: null, color: "green" },
            { from: 1, color: "yellow" },
          ],
        },
        {
          ...figure,
          title: "Late",
          description: "Older than the objective allows.",
          queries: [{ expr: `max(mycloud_backup_repositories{freshness="CRITICAL"})` }],
          thresholds: badFrom(1),
        },
        {
          ...figure,
          title: "Damaged objects",
          description: "Found by scrubs, and healed by no backup yet.",
          queries: [{ expr: `max(mycloud_backup_damaged_objects)` }],
          thresholds: badFrom(1),
        },
        {
          ...figure,
          title: "Frozen",
          description: "Repositories that a suspicious change froze.",
          queries: [{ expr: `max(mycloud_backup_repositories_frozen)` }],
          thresholds: badFrom(1),
        },
        {
          ...figure,
          title: "Stored",
          description: "Bytes that the repositories take on their storage servers.",
          queries: [{ expr: `max(mycloud_backup_stored_bytes)` }],
          unit: "bytes",
        },
      ],
    },
    {
      title: "Objectives",
      panels: [
        {
          kind: "states",
          title: "By host and policy",
          description: "The services that watch backups: freshness, runs, drills, verification, quota.",
          queries: [
            {
              expr: `max by (host, service) (mycloud_service_state{service=~"backup-.*"})`,
              legend: "{{host}} {{service}}",
            },
          ],
          words: serviceStates,
          link: toService(`\${__field.labels.host}`, `\${__field.labels.service}`),
          width: 24,
          height: 10,
        },
        {
          ...half,
          kind: "lines",
          title: "Age of the newest snapshot",
          description: "By the agents: one line for each host and policy. It drops to zero with each success.",
          queries: [
            {
              expr: `topk(20, max by (instance, policy) (mycloud_backup_age_seconds))`,
              legend: "{{instance}} {{policy}}",
            },
          ],
          unit: "s",
          min: 0,
          link: toHost(`\${__field.labels.instance}`),
        },
        {
          ...half,
          kind: "lines",
          title: "Oldest newest snapshots",
          description: "By the control plane, also of hosts that nobody scrapes; a repository by its number.",
          queries: [
            {
              expr: `topk(20, max by (repository) (mycloud_backup_snapshot_age_seconds))`,
              legend: "repository {{repository}}",
            },
          ],
          unit: "s",
          min: 0,
        },
      ],
    },
    {
      title: "Runs and proof",
      panels: [
        {
          ...half,
          kind: "lines",
          title: "Runs",
          description:
            "That ended, by how, within an hour. Incomplete ones made a snapshot and could not read some files.",
          queries: [{ expr: `sum by (result) (increase(mycloud_backup_runs_total[1h]))`, legend: "{{result}}" }],
          isStacked: true,
          unit: "short",
          min: 0,
        },
        {
          ...half,
          kind: "lines",
          title: "Stored by runs",
          description: "After deduplication and compression.",
          queries: [{ expr: `sum(rate(mycloud_backup_added_bytes_total[$__rate_interval]))`, legend: "stored" }],
          unit: "Bps",
          min: 0,
        },
        {
          ...half,
          kind: "lines",
          title: "Trial restores",
          description: "Within a day, by whether everything came back as it was.",
          queries: [{ expr: `sum by (result) (increase(mycloud_backup_drills_total[1d]))`, legend: "{{result}}" }],
          unit: "short",
          min: 0,
        },
        {
          ...half,
          kind: "lines",
          title: "Upkeep",
          description: "Forgetting, pruning and verifying within an hour, by what it was and how it ended.",
          queries: [
            {
              expr: `sum by (kind, result) (increase(mycloud_backup_maintenance_runs_total[1h]))`,
              legend: "{{kind}} {{result}}",
            },
          ],
          unit: "short",
          min: 0,
        },
        {
          ...half,
          kind: "lines",
          title: "How long runs take",
          description: "The last run of each host and policy; the twenty longest.",
          queries: [
            {
              expr: `topk(20, max by (instance, policy) (mycloud_backup_last_run_duration_seconds))`,
              legend: "{{instance}} {{policy}}",
            },
          ],
          unit: "s",
          min: 0,
        },
        {
          ...half,
          kind: "lines",
          title: "Read again whole",
          description: "How long ago the storage server had read a repository to its last byte.",
          queries: [
            {
              expr: `topk(20, max by (repository) (mycloud_backup_scrub_age_seconds))`,
              legend: "repository {{repository}}",
            },
          ],
          unit: "s",
          min: 0,
        },
      ],
    },
  ],
};
