import type { LiveEntry } from "@mycloud/protocol/agent-question";
import type { LiveFolder } from "@mycloud/protocol/live-file";
import type { HoldRequest, Machine, MachineSnapshot, SnapshotNote } from "@mycloud/protocol/machine";
import type { RestoreRequest, RestoreRun } from "@mycloud/protocol/restore-run";
import type { EntryChange, FileVersion, FolderPage, FoundEntry, TextDiff } from "@mycloud/protocol/snapshot-view";
import { createContext, useContext } from "react";

/** Where in a repository: a snapshot and a path in it. */
export interface Place {
  readonly repositoryId: number;
  readonly snapshotId: string;
  readonly path: string;
}

export interface FolderQuery extends Place {
  readonly sort: "name" | "sizeBytes" | "modifiedAtMs";
  readonly order: "asc" | "desc";
  readonly nameContains: string;
  readonly offset: number;
  readonly limit: number;
}

/** Lines of a long answer, and whether there were more than were asked for. */
export interface Lines<Line> {
  readonly lines: readonly Line[];
  readonly isTruncated: boolean;
}

/** Machines, what their snapshots hold, bringing it back, and the files of the live machine. */
export interface SmartViewProvider {
  machines(signal?: AbortSignal): Promise<Machine[]>;
  /** Those with an agent that no policy backs up. */
  machinesWithoutBackup(signal?: AbortSignal): Promise<Machine[]>;
  machine(id: number, signal?: AbortSignal): Promise<Machine>;
  snapshots(repositoryId: number, signal?: AbortSignal): Promise<MachineSnapshot[]>;
  folder(query: FolderQuery, signal?: AbortSignal): Promise<FolderPage>;
  history(place: Place, signal?: AbortSignal): Promise<{ versions: FileVersion[]; isTruncated: boolean }>;
  find(repositoryId: number, pattern: string, signal?: AbortSignal): Promise<Lines<FoundEntry>>;
  compare(place: Place, toSnapshotId: string, signal?: AbortSignal): Promise<Lines<EntryChange>>;
  textDiff(from: Place, to: Place, signal?: AbortSignal): Promise<TextDiff>;
  /** The text of a small file; null when it is none. */
  text(place: Place, signal?: AbortSignal): Promise<string | null>;
  /** Addresses for links. */
  fileUrl(place: Place, isDownload: boolean): string;
  archiveUrl(place: Omit<Place, "path">, paths: readonly string[], format: "zip" | "tar"): string;
  hold(place: Omit<Place, "path">, request: HoldRequest | null): Promise<void>;
  note(place: Omit<Place, "path">, note: SnapshotNote): Promise<void>;
  bringBack(repositoryId: number, request: RestoreRequest): Promise<RestoreRun>;
  restoreRun(id: number, signal?: AbortSignal): Promise<RestoreRun>;
  cancelRestore(id: number): Promise<void>;
  liveFolder(machineId: number, path: string, offset: number, signal?: AbortSignal): Promise<LiveFolder>;
  liveRoots(machineId: number, signal?: AbortSignal): Promise<LiveEntry[]>;
  liveText(machineId: number, path: string, signal?: AbortSignal): Promise<string>;
  liveUrl(machineId: number, path: string): string;
  /** `ifVersion`: the version that may be replaced; null: there must be none yet. */
  writeLive(machineId: number, path: string, content: Blob, ifVersion: string | null): Promise<void>;
  changeLive(
    machineId: number,
    verb: "make-folder" | "rename" | "delete",
    body: Readonly<Record<string, string | boolean>>,
  ): Promise<void>;
}

export const SmartViewContext = createContext<SmartViewProvider | null>(null);

/** The provider that App was given. */
export function useSmartView(): SmartViewProvider {
  const provider = useContext(SmartViewContext);
  if (provider === null) throw new Error("useSmartView is used outside of App");
  return provider;
}
