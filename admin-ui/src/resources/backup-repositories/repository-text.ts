import type { BackupDrill } from "@mycloud/protocol/backup-drill";
import type { BackupMaintenanceRun } from "@mycloud/protocol/backup-maintenance";
import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import { parentOf, writeAddress } from "../../smart-view/view-address.ts";
import { objectiveText } from "../backup-policies/policy-text.ts";
import { sizeText } from "../backup-runs/run-text.ts";

/** A text and how it looks. */
export interface ToldText {
  readonly tone: "tone-ok" | "tone-warning" | "tone-critical" | "quiet";
  readonly text: string;
}

/** How fast the objective is being missed at present; null without an objective. Pure. */
export function burnText(burnRate: number | null): ToldText | null {
  if (burnRate === null) return null;
  if (burnRate === 0) return { tone: "tone-ok", text: "not missed in the last day" };
  const times = burnRate < 10 ? burnRate.toFixed(1) : String(Math.round(burnRate));
  const tone = burnRate > 1 ? "tone-critical" : "tone-warning";
  return { tone, text: `${times} × what may be missed (1 % in 30 days)` };
}

/** What the newest trial restore proved. Pure. */
export function drillText(drill: BackupDrill, rtoSeconds: number | null): ToldText {
  const { files, bytes, faultCount } = drill;
  if (faultCount > 0)
    return { tone: "tone-critical", text: `${faultCount} of ${files.toLocaleString("en")} files came back wrong` };
  const words = `${files.toLocaleString("en")} files (${sizeText(bytes)}) came back as they were`;
  if (rtoSeconds !== null && drill.rtoSeconds > rtoSeconds)
    return { tone: "tone-warning", text: `${words}, but all of it would take too long` };
  return { tone: "tone-ok", text: words };
}

/** How long all of it would take by the trial restore. Pure. */
export function measuredText({ rtoSeconds, totalFiles, totalBytes }: BackupDrill): string {
  const whole = `${totalFiles.toLocaleString("en")} files, ${sizeText(totalBytes)}`;
  return `${objectiveText(Math.ceil(rtoSeconds))} for all of it (${whole})`;
}

/** What is used of the quota, 0 to 1; null where there is none or nothing was told. Pure. */
export function usedShare({ usedBytes, quotaBytes }: Pick<BackupRepository, "usedBytes" | "quotaBytes">) {
  if (usedBytes === null || quotaBytes === null || quotaBytes === 0) return null;
  return usedBytes / quotaBytes;
}

/** The look of a share of a quota, by the limits of the service `backup-quota`. Pure. */
export function quotaTone(share: number): "ok" | "warning" | "critical" {
  return share >= 0.95 ? "critical" : share >= 0.8 ? "warning" : "ok";
}

/** Why a repository cannot be forgotten and pruned from here; null: it can. Pure. */
export function maintainHindrance({
  keyMode,
  isAssigned,
  frozenAtMs,
}: Pick<BackupRepository, "keyMode" | "isAssigned" | "frozenAtMs">): string | null {
  if (keyMode === "private")
    return "Only the host has the key: it forgets and prunes itself, where its policy says so.";
  if (!isAssigned) return "No policy says any more what is kept: everything is.";
  if (frozenAtMs !== null) return "Frozen: nothing is forgotten or pruned.";
  return null;
}

/** What a maintenance did, in one line. Pure. */
export function maintenanceText({ kind, phase, figures, message }: BackupMaintenanceRun): string {
  if (phase === "running") return "under way";
  if (phase === "failed") return message ?? "failed";
  const { snapshotsKept = 0, snapshotsRemoved = 0, bytesFreed = 0, holdsPlaced = 0, holdsRemoved = 0 } = figures;
  switch (kind) {
    case "retention":
      return `${snapshotsRemoved} forgotten, ${snapshotsKept} kept, ${sizeText(bytesFreed)} freed`;
    case "hold":
      return `${holdsPlaced} snapshots held`;
    case "release":
      return `${holdsRemoved} holds taken away`;
    case "examine":
      return `${figures.objectsDamaged ?? 0} damaged, ${figures.filesAffected ?? 0} files affected`;
  }
}

/** Where a snapshot is looked into; without one the newest, with a file that file's versions. Null: its host was deleted. Pure. */
export function snapshotPath(
  { hostId, id }: Pick<BackupRepository, "hostId" | "id">,
  snapshotId: string | null = null,
  file: string | null = null,
): string | null {
  if (hostId === null) return null;
  const path = file === null ? null : parentOf(file);
  const query = writeAddress({ repositoryId: id, snapshotId, path, file });
  return `/machines/${hostId}${file === null ? "" : "/files"}?${query}`;
}
