import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { BackupRunDetail } from "@mycloud/protocol/backup-run";
import { Machine, MachineSnapshot } from "@mycloud/protocol/machine";
import { RestoreRequest, RestoreRun } from "@mycloud/protocol/restore-run";
import {
  EntryChange,
  FileVersion,
  FolderPage,
  FoundEntry,
  SnapshotEntry,
  TextDiff,
} from "@mycloud/protocol/snapshot-view";

/** 22 November 2026, 20:15 of wherever the test runs. */
export const nowMs = new Date(2026, 10, 22, 20, 15).getTime();
const hourMs = 3_600_000;
export const oldId = "aaaa1111".padEnd(64, "0");
export const newId = "bbbb2222".padEnd(64, "0");
export const safetyId = "cccc3333".padEnd(64, "0");

/** What a stand-in was asked: `POST /api/v1/... {body}`. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

/** A control plane of one customer with two machines, as far as the terminal asks it. Its answers pass the protocol's schemas. */
export interface StandIn {
  readonly url: string;
  readonly asked: Asked[];
  /** Changes what it answers. */
  readonly set: Settings;
  stop(): Promise<void>;
}

interface Settings {
  isOnline: boolean;
  /** Breaks each answer with content after so many bytes, once. */
  breakAfterBytes: number | null;
  /** How a restore run ends. */
  restoreEnd: Partial<RestoreRun>;
  runEnd: Partial<BackupRunDetail>;
}

const content = "first line\nsecond line\nthird line\n";

export async function startStandIn(): Promise<StandIn> {
  const asked: Asked[] = [];
  const set: Settings = { isOnline: true, breakAfterBytes: null, restoreEnd: {}, runEnd: {} };
  const state = { runs: 1, runLooks: 0, restores: [] as RestoreRequest[], restoreLooks: 0 };
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://stand-in");
    let text = "";
    for await (const piece of request) text += String(piece);
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    asked.push({
      method: request.method ?? "",
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body,
    });
    const json = (value: unknown, status = 200) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    };
    const lines = (values: readonly unknown[]) => {
      const end = { end: { count: values.length, isTruncated: false } };
      response.writeHead(200).end([...values, end].map((value) => `${JSON.stringify(value)}\n`).join(""));
    };
    const route = `${request.method} ${url.pathname}`.replace(/[0-9a-f]{64}/, "SNAPSHOT");
    const path = url.searchParams.get("path") ?? "/";
    switch (route) {
      case "GET /api/v1/session":
        return json({
          user: { id: 1, name: "Anna", email: "anna@example.org", role: "admin", customer: "acme" },
          csrfToken: null,
          expiresAtMs: null,
        });
      case "GET /api/v1/machines":
        return json({ data: [machineOf("web1", 1, set.isOnline), machineOf("db1", 2, true)], total: 2 });
      case "GET /api/v1/backup-repositories/11/snapshots":
        return json({ snapshots: [snapshotOf(oldId, nowMs - 26 * hourMs), snapshotOf(newId, nowMs - 2 * hourMs)] });
      case "GET /api/v1/backup-repositories/11/snapshots/SNAPSHOT/entry": {
        const entry = entryOf(path);
        return entry === null ? json(notFound(path), 404) : json(entry);
      }
      case "GET /api/v1/backup-repositories/11/snapshots/SNAPSHOT/folder": {
        const entries = ["docs", "notes.txt"].map((name) => SnapshotEntry.parse(entryOf(`/srv/www/${name}`)));
        return json(FolderPage.parse({ entry: entryOf(path), entries, total: entries.length }));
      }
      case "GET /api/v1/backup-repositories/11/snapshots/SNAPSHOT/file":
        return sendFile(request, response);
      case "GET /api/v1/backup-repositories/11/snapshots/SNAPSHOT/archive":
        return sendArchive(response);
      case "GET /api/v1/backup-repositories/11/find":
        return lines([foundNotes]);
      case "GET /api/v1/backup-repositories/11/compare":
        return lines(changes);
      case "GET /api/v1/backup-repositories/11/text-diff":
        return json(textDiff);
      case "GET /api/v1/backup-repositories/11/history":
        return json({ versions: [versionOf(oldId, "added", 26), versionOf(newId, "modified", 2)], isTruncated: false });
      case "PUT /api/v1/backup-repositories/11/snapshots/SNAPSHOT/hold":
      case "PUT /api/v1/backup-repositories/11/snapshots/SNAPSHOT/note":
      case "DELETE /api/v1/backup-repositories/11/snapshots/SNAPSHOT/hold":
        return json({});
      case "GET /api/v1/backup-runs":
        return json({ data: [{ ...runOf(state.runs), phase: "done" }], total: 1 });
      case "POST /api/v1/backup-repositories/11/run":
        state.runs++;
        state.runLooks = 0;
        return json(commandOf(), 201);
      case "GET /api/v1/agent-commands/5":
        return json(commandOf());
      case `GET /api/v1/backup-runs/${state.runs}`:
        state.runLooks++;
        return json(state.runLooks < 3 ? runOf(state.runs) : { ...runOf(state.runs), ...runEnded, ...set.runEnd });
      case "POST /api/v1/backup-repositories/11/restores":
        state.restores.push(RestoreRequest.parse(body));
        state.restoreLooks = 0;
        return json(restoreOf(state.restores.at(-1)), 201);
      case "GET /api/v1/restore-runs/8": {
        state.restoreLooks++;
        const wanted = state.restores.at(-1);
        const end = wanted?.isDryRun ? { phase: "planned" } : { phase: "done", ...set.restoreEnd };
        return json({ ...restoreOf(wanted), ...(state.restoreLooks < 2 ? {} : end) });
      }
      default:
        return json(notFound(route), 404);
    }
  }

  function sendFile(request: IncomingMessage, response: ServerResponse): void {
    const offset = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const rest = content.slice(offset);
    response.writeHead(offset > 0 ? 206 : 200, { "content-length": String(rest.length) });
    if (set.breakAfterBytes === null) {
      response.end(rest);
      return;
    }
    const sent = rest.slice(0, set.breakAfterBytes);
    set.breakAfterBytes = null;
    response.write(sent, () => setTimeout(() => response.destroy(), 20));
  }

  function sendArchive(response: ServerResponse): void {
    const whole = Buffer.concat([Buffer.from("PK\u0003\u0004 entries"), emptyZip]);
    response.writeHead(200).end(set.breakAfterBytes === null ? whole : whole.subarray(0, set.breakAfterBytes));
    set.breakAfterBytes = null;
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    set,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The end record of a zip without entries. */
const emptyZip = Buffer.concat([Buffer.from([0x50, 0x4b, 5, 6]), Buffer.alloc(18)]);

function notFound(what: string) {
  return { error: { code: "MYCLOUD_NOT_FOUND", message: `there is no ${what}`, isRetryable: false } };
}

function machineOf(hostName: string, hostId: number, isOnline: boolean): Machine {
  return Machine.parse({
    id: hostId,
    hostId,
    hostName,
    displayName: null,
    customer: "acme",
    hasAgent: true,
    isOnline,
    lastSeenAtMs: nowMs - 3 * hourMs,
    health: "good",
    sentence: "Backed up 2 h ago.",
    repositories: [
      {
        ...{ id: 10 + hostId, hostId, hostName, customer: "acme", policyId: 1, policyName: "home", isAssigned: true },
        ...{ storageName: "local", path: `acme/${hostName}/home`, keyMode: "managed", assignedAtMs: 1 },
        ...{ lastSnapshotAtMs: nowMs - 2 * hourMs, lastSnapshotId: newId, lastRunId: 1, lastRunPhase: "done" },
        ...{ lastRunFinishedAtMs: nowMs - 2 * hourMs, rpoSeconds: null, rtoSeconds: null, freshness: "OK" },
        createdAtMs: 1,
      },
    ],
    run: null,
    areLiveFilesAllowed: false,
  } satisfies Record<string, unknown>);
}

function snapshotOf(id: string, takenAtMs: number): MachineSnapshot {
  return MachineSnapshot.parse({
    ...{ id, takenAtMs, hostName: "web1", paths: ["/srv/www"], tags: ["source=paths"], programVersion: null },
    ...{ sequence: null, filesNew: 12, filesChanged: 3, filesUnmodified: 1000, totalFiles: 1015 },
    ...{ totalBytes: 5_000_000, addedBytes: 4096, unreadableCount: 0, labels: [] },
    note: id === newId ? "before the \u001b[31mmove" : "",
    hold: id === oldId ? { reason: "audit", untilMs: null, createdAtMs: 1, createdBy: "anna" } : null,
  });
}

function entryOf(path: string): SnapshotEntry | null {
  const type = { "/srv/www": "dir", "/srv/www/docs": "dir", "/srv/www/notes.txt": "file" }[path];
  if (type === undefined) return null;
  const isFile = type === "file";
  return SnapshotEntry.parse({
    ...{ name: path.split("/").at(-1), path, type, sizeBytes: isFile ? content.length : null, modifiedAtMs: nowMs },
    ...{ mode: isFile ? "-rw-r--r--" : "drwxr-xr-x", user: "root", group: "root", linkTarget: null },
    contentId: isFile ? "f".repeat(64) : null,
  });
}

const foundNotes = FoundEntry.parse({
  ...{ entry: entryOf("/srv/www/notes.txt"), newestSnapshotId: newId, newestAtMs: nowMs - 2 * hourMs },
  ...{ oldestSnapshotId: oldId, oldestAtMs: nowMs - 26 * hourMs },
});

const changes = [
  { change: "added", path: "/srv/www/new.txt", type: "file", fromBytes: null, toBytes: 10 },
  { change: "modified", path: "/srv/www/notes.txt", type: "file", fromBytes: 20, toBytes: content.length },
  { change: "removed", path: "/srv/www/old", type: "dir", fromBytes: null, toBytes: null },
].map((change) => EntryChange.parse(change));

const textDiff = TextDiff.parse({
  refusal: null,
  hunks: [
    { fromLine: 1, fromLines: 1, toLine: 1, toLines: 2, lines: [" first line", "-gone \u001b[2J", "+second line"] },
  ],
});

function versionOf(snapshotId: string, change: string, hoursAgo: number): FileVersion {
  const takenAtMs = nowMs - hoursAgo * hourMs;
  return FileVersion.parse({
    ...{ change, snapshotId, takenAtMs, lastSnapshotId: snapshotId, lastTakenAtMs: takenAtMs },
    entry: entryOf("/srv/www/notes.txt"),
  });
}

function commandOf() {
  return {
    ...{ id: 5, hostId: 1, hostName: "web1", request: { kind: "backup-now", repositoryId: 11 }, phase: "done" },
    ...{ message: null, result: null, createdByName: "anna", createdAtMs: 1, expiresAtMs: 2, finishedAtMs: 2 },
  };
}

function runOf(id: number): BackupRunDetail {
  return BackupRunDetail.parse({
    ...{ id, runId: "5f2b3a52-1111-4c1a-8a4e-000000000001", repositoryId: 11, hostId: 1, hostName: "web1" },
    ...{ policyName: "home", trigger: "manual", phase: "backing-up", startedAtMs: nowMs, finishedAtMs: null },
    ...{ durationSeconds: null, snapshots: [], figures: {}, deduplicationRatio: null, compressionRatio: null },
    ...{ unreadableCount: 0, message: null, agentVersion: "1", errors: [] },
    progress: {
      ...{ phase: "backing-up", message: null, filesDone: 3, filesTotal: 6, bytesDone: 1024, bytesTotal: 4096 },
      ...{ isTotalKnown: true, bytesPerSecond: 2048, remainingSeconds: 90, currentPaths: ["/srv/www/big.iso"] },
      ...{ errorCount: 0, toldAtMs: nowMs },
    },
  });
}

const runEnded: Partial<BackupRunDetail> = {
  ...{ phase: "done", finishedAtMs: nowMs, durationSeconds: 12, progress: null },
  snapshots: [{ id: newId, source: "paths" }],
  figures: { filesNew: 12, filesChanged: 3, filesUnmodified: 1000, totalBytes: 5_000_000, dataAddedPackedBytes: 4096 },
};

function restoreOf(request: RestoreRequest | undefined): RestoreRun {
  return RestoreRun.parse({
    ...{ id: 8, runId: "5f2b3a52-1111-4c1a-8a4e-000000000002", repositoryId: 11, hostId: 1, hostName: "web1" },
    ...{ request, phase: "restoring", filesDone: 1, filesTotal: 2, bytesDone: 10, bytesTotal: 20 },
    plan: {
      ...{ creates: 1, replaces: 1, removes: 1, metadata: 0, unchanged: 40, conflicts: 0, bytesToWrite: 34 },
      actions: [
        { action: "create", path: "/srv/www/notes.txt", sizeBytes: 34, reason: null },
        { action: "replace", path: "/srv/www/index.html", sizeBytes: 9, reason: null },
        { action: "remove", path: "/srv/www/junk", sizeBytes: null, reason: null },
      ],
    },
    safetySnapshotId: request?.kind === "rollback" && !request.isDryRun ? safetyId : null,
    ...{ bytesPerSecond: 10, remainingSeconds: 1, currentPath: "/srv/www/notes.txt", errorCount: 0, errors: [] },
    ...{ message: null, requestedByName: "anna", createdAtMs: nowMs, startedAtMs: nowMs, finishedAtMs: nowMs },
  });
}
