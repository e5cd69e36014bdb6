import type { LiveEntry } from "@mycloud/protocol/agent-question";
import type { Machine, MachineSnapshot } from "@mycloud/protocol/machine";
import type { RestoreRun } from "@mycloud/protocol/restore-run";
import type { SnapshotEntry } from "@mycloud/protocol/snapshot-view";
import { HttpError } from "react-admin";
import type { SmartViewProvider } from "../smart-view-provider.ts";
import { type Backups, createBackups } from "./backups.ts";
import type { Scenario } from "./fake-providers.ts";
import { createFleet } from "./fleet.ts";

const dayMs = 86_400_000;
const snapshotCount = 120;

/** Machines with half a year of snapshots of a small tree, in memory. */
export function createFakeSmartView({ hostCount, answers, nowMs }: Scenario): SmartViewProvider {
  const backups = createBackups(createFleet(hostCount, nowMs), nowMs);
  const machines = hostCount === 0 ? [] : machinesOf(backups, nowMs);
  const snapshots = snapshotsOf(nowMs);
  let lastRun: RestoreRun | undefined;
  async function answer<Value>(value: Value): Promise<Value> {
    if (answers === "error") throw new HttpError("The database does not answer (SQLITE_BUSY).", 503);
    if (answers === "loading") return await new Promise<Value>(() => undefined);
    return value;
  }
  return {
    machines: () => answer(machines),
    machinesWithoutBackup: () => answer([]),
    machine: async (id) => {
      const machine = machines.find((each) => each.id === id);
      if (machine === undefined) throw new HttpError(`there is no machine ${id}`, 404);
      return await answer(machine);
    },
    snapshots: () => answer(snapshots),
    folder: async ({ path, nameContains, offset, limit }) => {
      const all = (files[path] ?? []).filter(({ name }) => name.includes(nameContains));
      return await answer({ entry: folderEntry(path), entries: all.slice(offset, offset + limit), total: all.length });
    },
    history: async ({ path }) => {
      const entry = Object.values(files)
        .flat()
        .find((each) => each.path === path);
      const versions = snapshots.slice(-3).map((snapshot, at) => ({
        change: at === 0 ? ("added" as const) : ("modified" as const),
        snapshotId: snapshot.id,
        takenAtMs: snapshot.takenAtMs,
        lastSnapshotId: snapshot.id,
        lastTakenAtMs: snapshot.takenAtMs,
        entry: entry ?? null,
      }));
      return await answer({ versions, isTruncated: false });
    },
    find: async (_, pattern) => {
      const newest = snapshots.at(-1);
      const oldest = snapshots[0];
      const lines = Object.values(files)
        .flat()
        .filter(({ name }) => name.includes(pattern))
        .map((entry) => ({
          entry,
          newestSnapshotId: newest?.id ?? "",
          newestAtMs: newest?.takenAtMs ?? 0,
          oldestSnapshotId: oldest?.id ?? "",
          oldestAtMs: oldest?.takenAtMs ?? 0,
        }));
      return await answer({ lines, isTruncated: false });
    },
    compare: () =>
      answer({
        isTruncated: false,
        lines: [
          { change: "modified", path: "/home/anna/notes.txt", type: "file", fromBytes: 900, toBytes: 1200 },
          { change: "added", path: "/home/anna/photos/beach.jpg", type: "file", fromBytes: null, toBytes: 2_400_000 },
          { change: "removed", path: "/home/anna/draft.odt", type: "file", fromBytes: 48_000, toBytes: null },
        ],
      }),
    textDiff: () =>
      answer({
        refusal: null,
        hunks: [
          {
            fromLine: 1,
            fromLines: 3,
            toLine: 1,
            toLines: 3,
            lines: [" Shopping", "-milk", "+oat milk", " bread"],
          },
        ],
      }),
    text: () => answer("Shopping\noat milk\nbread\n"),
    fileUrl: ({ path }) => `#${path}`,
    archiveUrl: (_, paths, format) => `#${paths.join()}.${format}`,
    hold: () => answer(undefined),
    note: () => answer(undefined),
    bringBack: async (repositoryId, request) => {
      lastRun = restoreRunOf(repositoryId, request, nowMs);
      return await answer(lastRun);
    },
    restoreRun: async () => {
      if (lastRun === undefined) throw new HttpError("there is no such run", 404);
      return await answer(lastRun);
    },
    cancelRestore: () => answer(undefined),
    liveRoots: () => answer([liveEntry(folderEntry("/home/anna"))]),
    liveFolder: async (_, path) => {
      const entries = (files[path] ?? []).map(liveEntry);
      const entry = liveEntry(folderEntry(path));
      return await answer({ entry, entries, total: entries.length, lastSnapshotAtMs: nowMs - 3 * 3_600_000 });
    },
    liveText: () => answer("Shopping\noat milk\n"),
    liveUrl: (_, path) => `#${path}`,
    writeLive: () => answer(undefined),
    changeLive: () => answer(undefined),
  };
}

function machinesOf({ repositories, runs }: Backups, nowMs: number): Machine[] {
  const health = ["good", "bad", "attention", "good"] as const;
  const sentences = [
    "Backed up 3 h ago.",
    "Last backed up 30 h ago; it should be at most 26 h. The last backup failed: the storage server has no room left.",
    "Backed up 3 h ago. 1 file could not be read.",
    "Backing up now: 25 % done, 3 min left.",
  ];
  return repositories.map((repository, at) => ({
    id: repository.hostId ?? 0,
    hostId: repository.hostId ?? 0,
    hostName: repository.hostName,
    displayName: null,
    hasAgent: true,
    areLiveFilesAllowed: true,
    customer: repository.customer,
    isOnline: at !== 1,
    lastSeenAtMs: nowMs,
    health: health[at] ?? "unknown",
    sentence: sentences[at] ?? "",
    repositories: [repository],
    run: runs[at]?.finishedAtMs === null ? (runs[at] ?? null) : null,
  }));
}

function snapshotsOf(nowMs: number): MachineSnapshot[] {
  return Array.from({ length: snapshotCount }, (_, at) => ({
    id: at.toString(16).padStart(2, "0").repeat(32),
    takenAtMs: nowMs - (snapshotCount - 1 - at) * dayMs * 1.3 - 3 * 3_600_000,
    hostName: "web01",
    paths: ["/home/anna"],
    tags: [],
    programVersion: "mycloud 0.1.0",
    sequence: at + 1,
    filesNew: (at * 7) % 23,
    filesChanged: (at * 13) % 57,
    filesUnmodified: 4800,
    totalFiles: 4880,
    totalBytes: 4.8e9,
    addedBytes: 1.2e7,
    unreadableCount: 0,
    hold:
      at === snapshotCount - 2
        ? { reason: "before the update", untilMs: null, createdAtMs: nowMs - dayMs, createdBy: "Dana Ruiz" }
        : null,
    note: at === snapshotCount - 1 ? "the last one with the old shop" : "",
    labels: at === snapshotCount - 1 ? ["shop"] : [],
  }));
}

function folderEntry(path: string): SnapshotEntry {
  return entryOf(path.slice(0, Math.max(0, path.lastIndexOf("/"))), path.slice(path.lastIndexOf("/") + 1), null);
}

function entryOf(folder: string, name: string, sizeBytes: number | null): SnapshotEntry {
  return {
    name,
    path: `${folder}/${name}`,
    type: sizeBytes === null ? "dir" : "file",
    sizeBytes,
    modifiedAtMs: Date.UTC(2026, 10, 20, 9, 30),
    mode: sizeBytes === null ? "drwxr-xr-x" : "-rw-r--r--",
    user: "anna",
    group: "anna",
    linkTarget: null,
    contentId: sizeBytes === null ? null : `${name.length}`,
  };
}

const files: Readonly<Record<string, readonly SnapshotEntry[]>> = {
  "/home": [entryOf("/home", "anna", null)],
  "/home/anna": [
    entryOf("/home/anna", "photos", null),
    entryOf("/home/anna", "draft.odt", 48_000),
    entryOf("/home/anna", "notes.txt", 1_200),
    entryOf("/home/anna", "a name that goes on and on and on until the column is far too narrow for it.pdf", 930_000),
  ],
  "/home/anna/photos": [entryOf("/home/anna/photos", "beach.jpg", 2_400_000)],
};

function liveEntry({ contentId: _, ...entry }: SnapshotEntry): LiveEntry {
  return { ...entry, version: "1", isWritable: true, changedAtMs: entry.modifiedAtMs, repositoryId: 1 };
}

function restoreRunOf(repositoryId: number, request: RestoreRun["request"], nowMs: number): RestoreRun {
  return {
    id: 1,
    runId: "0b0e0cb8-6ad5-4f6c-8d6e-0d2d4b3a9a11",
    repositoryId,
    hostId: 1,
    hostName: "web01",
    request,
    phase: request.isDryRun ? "planned" : "done",
    plan: {
      creates: 1,
      replaces: 1,
      removes: request.kind === "rollback" ? 1 : 0,
      metadata: 0,
      unchanged: 4_000,
      conflicts: 0,
      bytesToWrite: 49_200,
      actions: [
        { action: "create", path: "/home/anna/draft.odt", sizeBytes: 48_000, reason: null },
        { action: "replace", path: "/home/anna/notes.txt", sizeBytes: 1_200, reason: null },
      ],
    },
    safetySnapshotId: request.isDryRun || request.kind !== "rollback" ? null : "5d8c".repeat(16),
    filesDone: request.isDryRun ? 0 : 2,
    filesTotal: 2,
    bytesDone: request.isDryRun ? 0 : 49_200,
    bytesTotal: 49_200,
    bytesPerSecond: null,
    remainingSeconds: null,
    currentPath: null,
    errorCount: 0,
    errors: [],
    message: null,
    requestedByName: "Dana Ruiz",
    createdAtMs: nowMs,
    startedAtMs: nowMs,
    finishedAtMs: nowMs,
  };
}
