import type { ListAnswer } from "@mycloud/protocol/list";
import type { LiveFolder } from "@mycloud/protocol/live-file";
import type { Machine, MachineSnapshot } from "@mycloud/protocol/machine";
import type { FileVersion, SnapshotEntry } from "@mycloud/protocol/snapshot-view";
import type { Lines, Place, SmartViewProvider } from "../smart-view-provider.ts";
import type { ApiClient } from "./api-client.ts";
import { listPath } from "./list-path.ts";

/** Larger files are not shown in the page: they are downloaded. */
const maximumTextBytes = 512 * 1024;
/** Changes and finds that the page can draw. */
const maximumChanges = 5_000;
const maximumFinds = 300;

/** Machines and their snapshots over the control plane's API. */
export function createRestSmartViewProvider(api: ApiClient): SmartViewProvider {
  return {
    machines: async (signal) =>
      (await api.get<ListAnswer<Machine>>(listPath("machines", { pagination: { page: 1, perPage: 500 } }), signal))
        .data,
    machinesWithoutBackup: async (signal) => {
      const asked = { pagination: { page: 1, perPage: 1000 }, filter: { isBackedUp: false } };
      const { data } = await api.get<ListAnswer<Machine>>(listPath("machines", asked), signal);
      return data.filter(({ hasAgent }) => hasAgent);
    },
    machine: (id, signal) => api.get(`/machines/${id}`, signal),
    snapshots: async (repositoryId, signal) =>
      (await api.get<{ snapshots: MachineSnapshot[] }>(`/backup-repositories/${repositoryId}/snapshots`, signal))
        .snapshots,
    folder: ({ path, sort, order, nameContains, offset, limit, ...place }, signal) =>
      api.get(`${placePath(place)}/folder?${query({ path, sort, order, nameContains, offset, limit })}`, signal),
    history: ({ repositoryId, path }, signal) =>
      api.get<{ versions: FileVersion[]; isTruncated: boolean }>(
        `/backup-repositories/${repositoryId}/history?${query({ path })}`,
        signal,
      ),
    find: async (repositoryId, pattern, signal) =>
      linesOf(
        await api.text(`/backup-repositories/${repositoryId}/find?${query({ pattern, limit: maximumFinds })}`, signal),
      ),
    compare: async ({ repositoryId, snapshotId, path }, toSnapshotId, signal) => {
      const asked = query({ from: snapshotId, to: toSnapshotId, path, limit: maximumChanges });
      return linesOf(await api.text(`/backup-repositories/${repositoryId}/compare?${asked}`, signal));
    },
    textDiff: (from, to, signal) =>
      api.get(
        `/backup-repositories/${from.repositoryId}/text-diff?${query({ from: from.snapshotId, fromPath: from.path, to: to.snapshotId, toPath: to.path })}`,
        signal,
      ),
    text: async (place, signal) => {
      const { sizeBytes } = await api.get<SnapshotEntry>(
        `${placePath(place)}/entry?${query({ path: place.path })}`,
        signal,
      );
      if (sizeBytes === null || sizeBytes > maximumTextBytes) return null;
      const text = await api.text(`${placePath(place)}/file?${query({ path: place.path })}`, signal);
      return text.includes("\0") || text.includes("\ufffd") ? null : text;
    },
    fileUrl: (place, isDownload) =>
      `/api/v1${placePath(place)}/file?${query({ path: place.path, download: isDownload ? 1 : 0 })}`,
    archiveUrl: (place, paths, format) => {
      const asked = new URLSearchParams(paths.map((path) => ["path", path]));
      asked.set("format", format);
      return `/api/v1${placePath(place)}/archive?${asked}`;
    },
    hold: (place, request) =>
      request === null
        ? api.send("DELETE", `${placePath(place)}/hold`)
        : api.send("PUT", `${placePath(place)}/hold`, request),
    note: (place, note) => api.send("PUT", `${placePath(place)}/note`, note),
    bringBack: (repositoryId, request) => api.send("POST", `/backup-repositories/${repositoryId}/restores`, request),
    restoreRun: (id, signal) => api.get(`/restore-runs/${id}`, signal),
    cancelRestore: (id) => api.send("POST", `/restore-runs/${id}/cancel`),
    liveRoots: async (machineId, signal) => (await api.get<LiveFolder>(`/machines/${machineId}/files`, signal)).entries,
    liveFolder: (machineId, path, offset, signal) =>
      api.get(`/machines/${machineId}/files?${query({ path, offset, limit: 200 })}`, signal),
    liveText: (machineId, path, signal) => api.text(`/machines/${machineId}/files/content?${query({ path })}`, signal),
    liveUrl: (machineId, path) => `/api/v1/machines/${machineId}/files/content?${query({ path, download: 1 })}`,
    writeLive: (machineId, path, content, ifVersion) =>
      api.put(`/machines/${machineId}/files/content?${query({ path })}`, content, {
        "Content-Type": "application/octet-stream",
        ...(ifVersion === null ? { "If-None-Match": "*" } : { "If-Match": `"${ifVersion}"` }),
      }),
    changeLive: (machineId, verb, body) => api.send("POST", `/machines/${machineId}/files/${verb}`, body),
  };
}

function placePath({ repositoryId, snapshotId }: Omit<Place, "path">): string {
  return `/backup-repositories/${repositoryId}/snapshots/${snapshotId}`;
}

function query(of: Readonly<Record<string, string | number>>): string {
  return new URLSearchParams(Object.entries(of).map(([name, value]) => [name, String(value)])).toString();
}

/** Reads a line of JSON each; the last one says how it ended. Throws Error when it did not. */
function linesOf<Line>(text: string): Lines<Line> {
  const all = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
  const last = all.pop();
  if (last?.end === undefined) throw new Error(last?.error?.message ?? "the answer broke off; try again");
  return { lines: all, isTruncated: last.end.isTruncated };
}
