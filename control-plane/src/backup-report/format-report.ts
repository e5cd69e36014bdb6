import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import { csvField, csvLine } from "../http/csv.ts";

const headings = [
  "host",
  "customer",
  "policy",
  "in_use",
  "key",
  "freshness",
  "newest_snapshot",
  "rpo_seconds",
  "within_rpo_30d",
  "rto_seconds",
  "drill_rto_seconds",
  "last_drill",
  "drill_faults",
  "last_verified",
  "damaged_objects",
  "used_bytes",
  "quota_bytes",
  "frozen_since",
  "last_run",
  "last_run_ended",
];

/** The first line of the report. Pure. */
export function reportHeading(): string {
  return csvLine(headings);
}

/** A line for a host and policy: instants by ISO 8601 in UTC, shares from 0 to 1, empty where nothing is known. Pure. */
export function reportLine(repository: BackupRepository): string {
  const { drill } = repository;
  return csvLine([
    csvField(repository.hostName),
    csvField(repository.customer ?? ""),
    csvField(repository.policyName),
    repository.isAssigned ? "yes" : "no",
    repository.keyMode,
    repository.freshness,
    instant(repository.lastSnapshotAtMs),
    number(repository.rpoSeconds),
    repository.withinRpoShare?.toFixed(6) ?? "",
    number(repository.rtoSeconds),
    number(drill === null ? null : Math.round(drill.rtoSeconds)),
    instant(drill?.finishedAtMs ?? null),
    number(drill?.faultCount ?? null),
    instant(repository.scrubbedAtMs),
    String(repository.damaged.length),
    number(repository.usedBytes),
    number(repository.quotaBytes === 0 ? null : repository.quotaBytes),
    instant(repository.frozenAtMs),
    repository.lastRunPhase ?? "",
    instant(repository.lastRunFinishedAtMs),
  ]);
}

function instant(atMs: number | null): string {
  return atMs === null ? "" : new Date(atMs).toISOString();
}

function number(value: number | null): string {
  return value === null ? "" : String(value);
}
