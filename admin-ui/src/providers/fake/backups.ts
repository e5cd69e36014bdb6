import type { BackupDrill } from "@mycloud/protocol/backup-drill";
import type { BackupMaintenanceRun, DamagedObject } from "@mycloud/protocol/backup-maintenance";
import { BackupPolicyInput } from "@mycloud/protocol/backup-policy";
import type { BackupRepository, RecoveryKit } from "@mycloud/protocol/backup-repository";
import type { BackupRunDetail } from "@mycloud/protocol/backup-run";
import type { Stored } from "@mycloud/protocol/definition";
import type { Service } from "@mycloud/protocol/service";
import { HttpError } from "react-admin";
import type { RepositoryVerb } from "../types.ts";
import type { Fleet } from "./fleet.ts";

const hourMs = 3_600_000;
const rpoSeconds = 26 * 3600;
const rtoSeconds = 4 * 3600;
const newestId = "5d8c".repeat(16);

/** Backups of a made-up fleet. */
export interface Backups {
  readonly policies: Stored<"BackupPolicy">[];
  readonly storageServers: Stored<"StorageServer">[];
  readonly repositories: BackupRepository[];
  readonly runs: BackupRunDetail[];
  readonly maintenanceRuns: BackupMaintenanceRun[];
  /** What storage servers have on the hosts that they run on. */
  readonly services: Service[];
}

/**
 * Backs the first hosts of a fleet up: one freshly; one late, and frozen since much of it changed; one with a file that could not be read, and
 * damaged on the storage server; one at this moment, with a private key.
 */
export function createBackups(fleet: Fleet, nowMs: number): Backups {
  const policy = BackupPolicyInput.parse({
    name: "web files",
    selector: { labels: { role: "web" } },
    paths: ["/srv/www", "/etc"],
    exclude: ["*.tmp", "/srv/www/*/cache", "!keep.tmp", "**/node_modules"],
    dumps: [{ preset: "mariadb" }],
    schedule: { window: { from: "22:00", to: "06:00" } },
    retention: { keepDaily: 14, keepWeekly: 8 },
    objectives: { rpoSeconds, rtoSeconds, drillEverySeconds: 7 * 86_400 },
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
      lastSnapshotId: newestId,
      lastRunId: run?.id ?? null,
      lastRunPhase: run?.phase ?? null,
      lastRunFinishedAtMs: run?.finishedAtMs ?? null,
      rpoSeconds,
      rtoSeconds,
      frozenAtMs: at === 1 ? nowMs - 29 * hourMs : null,
      frozenReason: at === 1 ? frozenReason : null,
      withinRpoShare: at === 1 ? 0.94 : 1,
      burnRate: at === 1 ? 30 : 0,
      usedBytes: 2.1e9 * (at + 1) + 2e9,
      quotaBytes: 10e9,
      scrubbedAtMs: nowMs - 40 * hourMs,
      damaged: at === 2 ? [damagedObject(nowMs)] : [],
      drill: drillOf(at, nowMs),
      freshness: at === 1 ? "CRITICAL" : "OK",
      isPaused: false,
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
      host: fleet.hosts[0]?.name ?? null,
      otherRpoSeconds: null,
      createdAtMs: nowMs - 90 * hourMs,
      updatedAtMs: nowMs - 90 * hourMs,
    },
  ];
  const maintenanceRuns = hosts.flatMap((host, at) => (at === 3 ? [] : maintenanceOf(host.name, at, nowMs)));
  return { policies, storageServers, repositories, runs, maintenanceRuns, services: storageServices(fleet) };
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
    snapshots: isUnderWay || isFailed ? [] : [{ id: newestId, source: "paths" }],
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

const frozenReason =
  "1,920 of 4,800 files were scrambled: text and pictures before, now bytes that look random (invoice-0001.odt)";

/** The newest trial restore: right, too slow, or with a file that came back wrong; none of the last. */
function drillOf(at: number, nowMs: number): BackupDrill | null {
  if (at === 3) return null;
  const faults = at === 2 ? [{ path: "/srv/www/shop/images/chair.jpg", message: "its content is damaged" }] : [];
  return {
    snapshotId: newestId,
    finishedAtMs: nowMs - (at === 1 ? 31 : 3) * hourMs,
    files: 200,
    bytes: 31_400_000,
    seconds: 4.2,
    totalFiles: 48_139,
    totalBytes: 4_800_000_000,
    rtoSeconds: at === 1 ? 18_900 : 1_012,
    comparedLive: 187,
    faultCount: faults.length,
    faults,
  };
}

/** The key and a token that reads for a week. */
export function fakeRecoveryKit(backups: Backups, id: number, nowMs: number): RecoveryKit {
  const { hostName, policyName, keyMode, path } = repositoryOf(backups, id);
  return {
    hostName,
    policyName,
    keyMode,
    storageUrl: "https://backup.example.org:8081",
    path,
    certificateAuthority: null,
    password: keyMode === "private" ? null : "tulip-anvil-harbour-49-quartz-mole",
    token: `eyJhbGciOiJFZERTQSJ9.${"c2FtcGxl".repeat(24)}.${"Zm9v".repeat(20)}`,
    tokenExpiresAtMs: nowMs + 7 * 86_400_000,
  };
}

function repositoryOf({ repositories }: Backups, id: number): BackupRepository {
  const repository = repositories.find((each) => each.id === id);
  if (repository === undefined) throw new HttpError(`there is no backup repository ${id}`, 404);
  return repository;
}

/** What comes of asking for something: a trial restore that is right, a whole pass, a maintenance under way, the end of a freeze. */
export function doneTo(backups: Backups, id: number, verb: RepositoryVerb | "drill", nowMs: number): BackupRepository {
  const repository = repositoryOf(backups, id);
  if (verb === "drill") {
    const drill = drillOf(0, nowMs);
    repository.drill = drill === null ? null : { ...drill, finishedAtMs: nowMs };
  } else if (verb === "scrub") repository.scrubbedAtMs = nowMs;
  else if (verb === "release-freeze") {
    repository.frozenAtMs = null;
    repository.frozenReason = null;
  } else {
    const { hostName, policyName } = repository;
    const started = { phase: "running" as const, startedAtMs: nowMs, finishedAtMs: null, figures: {}, message: null };
    const runId = 100 + backups.maintenanceRuns.length;
    backups.maintenanceRuns.push({ id: runId, repositoryId: id, hostName, policyName, kind: "retention", ...started });
  }
  return repository;
}

function damagedObject(nowMs: number): DamagedObject {
  const snapshots = [newestId, "41ab".repeat(16)];
  return {
    object: `data/${"9f3e".repeat(16)}`,
    reason: "its content does not match its name",
    foundAtMs: nowMs - 40 * hourMs,
    files: snapshots.map((snapshotId) => ({ snapshotId, path: "/srv/www/shop/images/chair.jpg" })),
    fileCount: 5,
    snapshots,
  };
}

function maintenanceOf(hostName: string, at: number, nowMs: number): BackupMaintenanceRun[] {
  const run = { repositoryId: at + 1, hostName, policyName: "web files", phase: "done" as const, message: null };
  const times = (hours: number) => ({
    startedAtMs: nowMs - hours * hourMs,
    finishedAtMs: nowMs - hours * hourMs + 41_000,
  });
  const retention = { snapshotsKept: 22, snapshotsRemoved: 1, bytesFreed: 310_000_000 };
  return [
    { ...run, id: at * 10 + 1, kind: "retention", ...times(54), figures: retention },
    at === 1
      ? { ...run, id: at * 10 + 2, kind: "hold", ...times(29), figures: { holdsPlaced: 22 } }
      : at === 2
        ? { ...run, id: at * 10 + 2, kind: "examine", ...times(39), figures: { objectsDamaged: 1, filesAffected: 5 } }
        : { ...run, id: at * 10 + 2, kind: "retention", ...times(30), figures: retention },
    ...(at === 0
      ? [
          {
            ...run,
            id: 3,
            kind: "retention" as const,
            phase: "failed" as const,
            ...times(6),
            figures: {},
            message: "the repository is locked by web01, since 2 h",
          },
        ]
      : []),
  ];
}

function storageServices({ services }: Fleet): Service[] {
  const [first] = services;
  if (first === undefined) return [];
  return [
    {
      ...first,
      id: services.length + 1,
      name: "storage local",
      checkId: null,
      checkName: null,
      isPassive: true,
      command: null,
      arguments: [],
      state: "WARNING",
      lastState: "WARNING",
      stateType: "HARD",
      output: "STORAGE WARNING - 213 GiB of 1.8 TiB free for backups (12 %), full in 9.8 days as it goes",
      longOutput: "",
      perfdata:
        "used=1770000000000B;1700000000000;1900000000000;0;2000000000000 inodes_used=3.2%;85;95;0;100 days_until_full=9.8;14:;3:;0 repositories=4;;;0 bad_objects=1;;;0",
    },
  ];
}
