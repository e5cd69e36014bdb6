import { type BackupRepository, FreshnessState } from "@mycloud/protocol/backup-repository";
import type { GrafanaSeries } from "@mycloud/protocol/grafana-data";
import type { Columns, Table } from "./table.ts";

const columns = {
  host: "string",
  policy: "string",
  storage: "string",
  freshness: "string",
  lastSnapshot: "time",
  ageSeconds: "number",
  rpoSeconds: "number",
  rtoSeconds: "number",
  withinRpoRatio: "number",
  burnRate: "number",
  usedBytes: "number",
  quotaBytes: "number",
  damagedObjects: "number",
  lastDrill: "time",
  measuredRtoSeconds: "number",
  isFrozen: "boolean",
  isPaused: "boolean",
  url: "string",
} satisfies Columns;

/** Backup repositories against their objectives, as rows. Pure. */
export function tabulateObjectives(
  repositories: readonly BackupRepository[],
  { nowMs, publicUrl }: { readonly nowMs: number; readonly publicUrl: string },
): Table {
  const rows = repositories.map((repository) => ({
    host: repository.hostName,
    policy: repository.policyName,
    storage: repository.storageName,
    freshness: repository.freshness,
    lastSnapshot: repository.lastSnapshotAtMs,
    ageSeconds: repository.lastSnapshotAtMs === null ? null : Math.round((nowMs - repository.lastSnapshotAtMs) / 1000),
    rpoSeconds: repository.rpoSeconds,
    rtoSeconds: repository.rtoSeconds,
    withinRpoRatio: repository.withinRpoShare,
    burnRate: repository.burnRate,
    usedBytes: repository.usedBytes,
    quotaBytes: repository.quotaBytes,
    damagedObjects: repository.damaged.length,
    lastDrill: repository.drill?.finishedAtMs ?? null,
    measuredRtoSeconds: repository.drill?.rtoSeconds ?? null,
    isFrozen: repository.frozenAtMs !== null,
    isPaused: repository.isPaused,
    url: `${publicUrl}/#/backup-repositories/${repository.id}/show`,
  }));
  return { columns, rows };
}

/** Repositories by how they stand to their objective at present, as lines of one point. Pure. */
export function freshnessSeries(repositories: readonly BackupRepository[], atMs: number): GrafanaSeries[] {
  return FreshnessState.options.map((target) => ({
    target,
    datapoints: [[repositories.filter(({ freshness }) => freshness === target).length, atMs]],
  }));
}
