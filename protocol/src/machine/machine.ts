import { z } from "zod";
import { BackupRepository } from "../backup-repository/index.ts";
import { BackupRun } from "../backup-run/index.ts";
import { ViewSnapshot } from "../snapshot-view/index.ts";

/** `attention`: it works, and something should be looked at. `unknown`: nothing is backed up there, or nothing was heard yet. */
export const MachineHealth = z.enum(["good", "attention", "bad", "unknown"]);
export type MachineHealth = z.infer<typeof MachineHealth>;

/** A host and its backups. GET /api/v1/machines, /api/v1/machines/:hostId. */
export const Machine = z.object({
  /** The host's. */
  id: z.number().int(),
  hostId: z.number().int(),
  hostName: z.string(),
  customer: z.string().nullable(),
  isOnline: z.boolean(),
  lastSeenAtMs: z.number().int().nullable(),
  health: MachineHealth,
  /** In plain words: `Backed up 2 h ago. 1 file could not be read.` */
  sentence: z.string(),
  repositories: z.array(BackupRepository),
  /** The backup run under way, if there is one. */
  run: BackupRun.nullable(),
});
export type Machine = z.infer<typeof Machine>;

/** GET /api/v1/backup-repositories/:id/snapshots, oldest first: with what people have written to them. */
export const MachineSnapshot = ViewSnapshot.extend({ note: z.string(), labels: z.array(z.string()) });
export type MachineSnapshot = z.infer<typeof MachineSnapshot>;

/** PUT /api/v1/backup-repositories/:id/snapshots/:snapshotId/hold: it is not forgotten until then; null: until it is let go. */
export const HoldRequest = z.object({
  reason: z.string().trim().min(1).max(1000),
  untilMs: z.number().int().nullable().default(null),
});
export type HoldRequest = z.infer<typeof HoldRequest>;

/** PUT /api/v1/backup-repositories/:id/snapshots/:snapshotId/note */
export const SnapshotNote = z.object({
  text: z.string().max(2000).default(""),
  labels: z.array(z.string().trim().min(1).max(64)).max(20).default([]),
});
export type SnapshotNote = z.infer<typeof SnapshotNote>;
