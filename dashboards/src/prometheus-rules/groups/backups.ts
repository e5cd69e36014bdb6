import type { RuleGroup } from "../rule.ts";

/** Backups against their objectives, by the control plane's word. Each has a service of its own in MyCloud. */
export const backupGroup: RuleGroup = {
  name: "mycloud-backups",
  runbook: "backups.md",
  recordings: [
    {
      record: "mycloud:backup_repositories_within_objective:ratio",
      expr: `max(mycloud_backup_repositories{freshness="OK"}) / sum(max by (freshness) (mycloud_backup_repositories{freshness!="none"}))`,
    },
  ],
  alerts: [
    {
      alert: "MyCloudBackupObjectiveMissed",
      expr: `max(mycloud_backup_repositories{freshness="CRITICAL"}) > 0`,
      for: "2m",
      severity: "critical",
      isKnown: true,
      summary: "{{ $value }} backup repositories are older than their objective allows",
      description:
        "What was written on those hosts since then exists once. The board of backup objectives in the console names them.",
      fires: {
        series: { 'mycloud_backup_repositories{freshness="CRITICAL"}': "2x10" },
        at: "5m",
        alerts: [{ labels: {}, summary: "2 backup repositories are older than their objective allows" }],
      },
      silent: {
        why: "none is late",
        series: {
          'mycloud_backup_repositories{freshness="CRITICAL"}': "0x10",
          'mycloud_backup_repositories{freshness="OK"}': "9x10",
        },
        at: "5m",
      },
    },
    {
      alert: "MyCloudBackupRunsFail",
      expr: `
        sum(increase(mycloud_backup_runs_total{result="failed"}[1h])) >= 3
        and sum(increase(mycloud_backup_runs_total{result="failed"}[1h])) > sum(increase(mycloud_backup_runs_total{result=~"done|incomplete"}[1h]))`,
      for: "0s",
      severity: "critical",
      isKnown: true,
      summary: "More backups fail than succeed: {{ $value | humanize }} within the hour",
      description:
        "Where most fail at once it is rarely the hosts: look at the storage server, its disk and the network to it.",
      fires: {
        series: {
          'mycloud_backup_runs_total{result="failed"}': "0+1x70",
          'mycloud_backup_runs_total{result="done"}': "5x70",
        },
        at: "1h",
        alerts: [{ labels: {}, summary: "More backups fail than succeed: 60 within the hour" }],
      },
      silent: {
        why: "most succeed",
        series: {
          'mycloud_backup_runs_total{result="failed"}': "0+1x70",
          'mycloud_backup_runs_total{result="done"}': "0+4x70",
        },
        at: "1h",
      },
    },
    {
      alert: "MyCloudBackupDamaged",
      expr: `max(mycloud_backup_damaged_objects) > 0`,
      for: "0s",
      severity: "critical",
      isKnown: true,
      summary: "{{ $value }} stored objects of backups are damaged",
      description:
        "A scrub read them and they are not what was stored. The next backup heals what its host still has; the rest is lost in those snapshots.",
      fires: {
        series: { mycloud_backup_damaged_objects: "0x5 1x10" },
        at: "10m",
        alerts: [{ labels: {}, summary: "1 stored objects of backups are damaged" }],
      },
      silent: { why: "all were healed", series: { mycloud_backup_damaged_objects: "1x5 0x10" }, at: "10m" },
    },
    {
      alert: "MyCloudBackupFrozen",
      expr: `max(mycloud_backup_repositories_frozen) > 0`,
      for: "0s",
      severity: "critical",
      isKnown: true,
      summary: "{{ $value }} backup repositories are frozen: a change looked like an attack",
      description: "Nothing of them is forgotten or pruned until somebody has looked and releases them.",
      fires: {
        series: { mycloud_backup_repositories_frozen: "1x10" },
        at: "5m",
        alerts: [{ labels: {}, summary: "1 backup repositories are frozen: a change looked like an attack" }],
      },
      silent: { why: "none is", series: { mycloud_backup_repositories_frozen: "0x10" }, at: "5m" },
    },
    {
      alert: "MyCloudBackupDrillFaulty",
      expr: `sum(increase(mycloud_backup_drills_total{result="faulty"}[1d])) > 0`,
      for: "0s",
      severity: "critical",
      isKnown: true,
      summary: "A trial restore did not bring back what was backed up",
      description: "The service backup-drill of that host names the files and the snapshot.",
      fires: {
        series: { 'mycloud_backup_drills_total{result="faulty"}': "0x10 1x10" },
        at: "15m",
        alerts: [{ labels: {}, summary: "A trial restore did not bring back what was backed up" }],
      },
      silent: {
        why: "all came back whole",
        series: { 'mycloud_backup_drills_total{result="whole"}': "0+1x20" },
        at: "15m",
      },
    },
  ],
};
