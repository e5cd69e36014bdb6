import { z } from "zod";
import { BackupRepository } from "../backup-repository/index.ts";
import { BackupRun } from "../backup-run/index.ts";
import { baseFilter } from "../list/index.ts";
import { FileVersion, SnapshotId, ViewSnapshot } from "../snapshot-view/index.ts";

/** `attention`: it works, and something should be looked at. `unknown`: nothing is backed up there, or nothing was heard yet. */
export const MachineHealth = z.enum(["good", "attention", "bad", "unknown"]);
export type MachineHealth = z.infer<typeof MachineHealth>;

/** A host and its backups. GET /api/v1/machines, /api/v1/machines/:hostId. */
export const Machine = z.object({
  /** The host's. */
  id: z.number().int(),
  hostId: z.number().int(),
  hostName: z.string(),
  displayName: z.string().nullable(),
  customer: z.string().nullable(),
  hasAgent: z.boolean(),
  /** Whether its agent was heard of lately. */
  isOnline: z.boolean(),
  lastSeenAtMs: z.number().int().nullable(),
  health: MachineHealth,
  /** In plain words: `Backed up 2 h ago. 1 file could not be read.` */
  sentence: z.string(),
  repositories: z.array(BackupRepository),
  /** The backup run under way, if there is one. */
  run: BackupRun.nullable(),
  /** Whether the machine's own policy lets people manage files on it from here; null while it has not said. */
  areLiveFilesAllowed: z.boolean().nullable(),
});
export type Machine = z.infer<typeof Machine>;

export const MachineFilter = z.strictObject({
  ...baseFilter,
  hostName: z.string().optional(),
  customer: z.string().nullable().optional(),
  /** Whether any policy backs it up. */
  isBackedUp: z.boolean().optional(),
});
export type MachineFilter = z.infer<typeof MachineFilter>;

/** GET /api/v1/backup-repositories/:id/snapshots, oldest first: with what people have written to them (a note of no text where they have not). */
export const MachineSnapshot = ViewSnapshot.extend({ note: z.string(), labels: z.array(z.string()) });
export type MachineSnapshot = z.infer<typeof MachineSnapshot>;
export const MachineSnapshots = z.object({ snapshots: z.array(MachineSnapshot) });
export type MachineSnapshots = z.infer<typeof MachineSnapshots>;

/** GET /api/v1/backup-repositories/:id/history, oldest version first as the repository answers it. */
export const FileHistory = z.object({ versions: z.array(FileVersion), isTruncated: z.boolean() });
export type FileHistory = z.infer<typeof FileHistory>;

/** PUT /api/v1/backup-repositories/:id/snapshots/:snapshotId/hold: it is not forgotten until then; null: until it is let go. */
export const HoldRequest = z.object({
  reason: z.string().trim().min(1).max(1000),
  untilMs: z.number().int().min(0).max(8.64e15).nullable().default(null),
});
export type HoldRequest = z.infer<typeof HoldRequest>;

export const SnapshotHold = HoldRequest.extend({
  snapshotId: SnapshotId,
  createdAtMs: z.number(),
  createdBy: z.string(),
});
export type SnapshotHold = z.infer<typeof SnapshotHold>;

/** PUT /api/v1/backup-repositories/:id/snapshots/:snapshotId/note; an empty one takes the note away. */
export const SnapshotNote = z.object({
  text: z.string().max(2000).default(""),
  labels: z
    .array(z.string().trim().min(1).max(64))
    .max(20)
    .default([])
    .transform((labels) => [...new Set(labels)]),
});
export type SnapshotNote = z.infer<typeof SnapshotNote>;
