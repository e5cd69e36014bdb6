import { BackupPolicyInput } from "@mycloud/protocol/backup-policy";
import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import type { BackupRunDetail } from "@mycloud/protocol/backup-run";
import type { Stored } from "@mycloud/protocol/definition";
import type { Fleet } from "./fleet.ts";

const hourMs = 3_600_000;
const rpoSeconds = 26 * 3600;

/** Backups of a made-up fleet. */
export interface Backups {
  readonly policies: Stored<"BackupPolicy">[];
  readonly storageServers: Stored<"StorageServer">[];
  readonly repositories: BackupRepository[];
  readonly runs: BackupRunDetail[];
}

/** Backs the first hosts of a fleet up: one freshly, one late, one with a file that could not be read, one at this moment. */
export function createBackups(fleet: Fleet, nowMs: number): Backups {
  const policy = BackupPolicyInput.parse({
    name: "web files",
    selector: { labels: { role: "web" } },
    paths: ["/srv/www", "/etc"],
    dumps: [{ preset: "mariadb" }],
    schedule: { window: { from: "22:00", to: "06:00" } },
    objectives: { rpoSeconds },
  });
  const policies = [{ ...policy, id: 1, createdAtMs: nowMs - 90 * hourMs, updatedAtMs: nowMs - 90 * hourMs }];
  const hosts = fleet.hosts.slice(0, 4);
  const runs = hosts.map((host, at) => runOf(host, at, nowMs));
  const repositories = hosts.map((host, at): BackupRepository => {
    const run = runs[at];
    const ageMs = at === 1 ? 30 * hourMs : 3 * hourMs;
    return {
      id: at + 1,
      hostId: host.id,
      hostName: host.name,
      customer: null,
      policyId: 1,
      policyName: policy.name,
      isAssigned: true,
      storageName: "local",
      path: `-/${host.name}/web-files`,
      keyMode: at === 3 ? "private" : "managed",
      assignedAtMs: nowMs - 90 * hourMs,
      lastSnapshotAtMs: nowMs - ageMs,
      lastSnapshotId: "5d8c".repeat(16),
      lastRunId: run?.id ?? null,
      lastRunPhase: run?.phase ?? null,
      lastRunFinishedAtMs: run?.finishedAtMs ?? null,
      rpoSeconds,
      rtoSeconds: null,
      frozenAtMs: null,
      frozenReason: null,
      withinRpoShare: at === 1 ? 0.94 : 1,
      burnRate: at === 1 ? 30 : 0,
      usedBytes: 2.1e9 * (at + 1),
      quotaBytes: 10e9,
      scrubbedAtMs: nowMs - 40 * hourMs,
      damaged: [],
      drill: null,
      freshness: at === 1 ? "CRITICAL" : "OK",
      createdAtMs: nowMs - 90 * hourMs,
    };
  });
  const storageServers: Stored<"StorageServer">[] = [
    {
      id: 1,
      name: "local",
      url: "https://backup.example.org:8081",
      certificateAuthority: null,
      isDefault: true,
      host: null,
      otherRpoSeconds: null,
      createdAtMs: nowMs - 90 * hourMs,
      updatedAtMs: nowMs - 90 * hourMs,
    },
  ];
  return { policies, storageServers, repositories, runs };
}

function runOf(host: { readonly id: number; readonly name: string }, at: number, nowMs: number): BackupRunDetail {
  const isUnderWay = at === 3;
  const isFailed = at === 1;
  const startedAtMs = nowMs - (isUnderWay ? 60_000 : 3 * hourMs);
  const hasUnread = at === 2;
  return {
    id: at + 1,
    runId: `0b0e0cb8-6ad5-4f6c-8d6e-0d2d4b3a9a1${at}`,
    repositoryId: at + 1,
    hostId: host.id,
    hostName: host.name,
    policyName: "web files",
    trigger: "schedule",
    phase: isUnderWay ? "backing-up" : isFailed ? "failed" : "done",
    startedAtMs,
    finishedAtMs: isUnderWay ? null : startedAtMs + 95_000,
    durationSeconds: isUnderWay ? null : 95,
    snapshots: isUnderWay || isFailed ? [] : [{ id: "5d8c".repeat(16), source: "paths" }],
    figures: isUnderWay || isFailed ? {} : figures,
    deduplicationRatio: isUnderWay || isFailed ? null : 0.97,
    compressionRatio: isUnderWay || isFailed ? null : 2.4,
    unreadableCount: hasUnread ? 1 : 0,
    message: isFailed ? "the storage server has no room left" : null,
    agentVersion: "0.1.0",
    errors: hasUnread ? [{ item: "/etc/shadow", during: "read", message: "permission denied" }] : [],
    progress: isUnderWay
      ? {
          phase: "backing-up",
          message: null,
          filesDone: 1200,
          filesTotal: 4800,
          bytesDone: 1.2e9,
          bytesTotal: 4.8e9,
          isTotalKnown: true,
          bytesPerSecond: 20_000_000,
          remainingSeconds: 180,
          currentPaths: ["/srv/www/shop/images/chair.jpg"],
          errorCount: 0,
          toldAtMs: nowMs,
        }
      : null,
  };
}

const figures = {
  filesNew: 12,
  filesChanged: 7,
  filesUnmodified: 48_120,
  dataAddedBytes: 145_000_000,
  dataAddedPackedBytes: 60_000_000,
  totalFiles: 48_139,
  totalBytes: 4_800_000_000,
};
