import { z } from "zod";
import { baseFilter } from "../list/index.ts";
import { SnapshotId, ViewPath } from "../snapshot-view/index.ts";

/**
 * `checkout` writes files of a snapshot to where they came from and overwrites nothing that has changed since it was last backed up, unless
 * forced. `rollback` makes folders equal to the snapshot, removing what it does not have, after a snapshot of the present was taken. `restore`
 * writes below another directory.
 */
export const RestoreKind = z.enum(["checkout", "rollback", "restore"]);
export type RestoreKind = z.infer<typeof RestoreKind>;

/** POST /api/v1/backup-repositories/:id/restores. Answers the RestoreRun (201). */
export const RestoreRequest = z
  .object({
    kind: RestoreKind,
    snapshotId: SnapshotId,
    /** None: all that the snapshot has. */
    paths: z.array(ViewPath).max(1000).default([]),
    /** `restore` only, and there it must be: an absolute path on the machine. */
    targetDirectory: ViewPath.nullable().default(null),
    /** `checkout` and `restore`: overwrite what has changed since, too. */
    isForced: z.boolean().default(false),
    /** Only work out what would be done. */
    isDryRun: z.boolean().default(false),
  })
  .refine((request) => (request.kind === "restore") === (request.targetDirectory !== null), {
    path: ["targetDirectory"],
    message: "a restore needs one; checkout and rollback write to where the files came from and take none",
  });
export type RestoreRequest = z.infer<typeof RestoreRequest>;

export const RestorePhase = z.enum([
  "waiting",
  "planning",
  "safety-snapshot",
  "restoring",
  /** A dry run's end, and that of a checkout that met conflicts: nothing was written. */
  "planned",
  "conflicts",
  "done",
  "failed",
  "cancelled",
]);
export type RestorePhase = z.infer<typeof RestorePhase>;

/** Phases of runs that are not over. */
export const restorePhasesUnderWay = ["waiting", "planning", "safety-snapshot", "restoring"] as const;

/** Whether a run in this phase is over. Pure. */
export function isRestoreOver(phase: RestorePhase): boolean {
  return !restorePhasesUnderWay.some((one) => one === phase);
}

/** What is done, or would be, with one path. */
export const RestoreAction = z.object({
  action: z.enum(["create", "replace", "remove", "metadata", "conflict"]),
  path: z.string(),
  sizeBytes: z.number().nullable(),
  /** Of a conflict: why it is one. */
  reason: z.string().nullable(),
});
export type RestoreAction = z.infer<typeof RestoreAction>;

export const RestorePlan = z.object({
  /** How many of each, and bytes to write. */
  creates: z.number().int(),
  replaces: z.number().int(),
  removes: z.number().int(),
  metadata: z.number().int(),
  unchanged: z.number().int(),
  conflicts: z.number().int(),
  bytesToWrite: z.number(),
  /** The first 1,000, conflicts before the others. */
  actions: z.array(RestoreAction).max(1000),
});
export type RestorePlan = z.infer<typeof RestorePlan>;

/** One checkout, rollback or restore. GET /api/v1/restore-runs, /api/v1/restore-runs/:id. */
export const RestoreRun = z.object({
  id: z.number().int(),
  runId: z.uuid(),
  repositoryId: z.number().int(),
  hostId: z.number().int().nullable(),
  hostName: z.string(),
  request: RestoreRequest,
  phase: RestorePhase,
  plan: RestorePlan.nullable(),
  /** Taken before a rollback: what it is rolled back by. */
  safetySnapshotId: SnapshotId.nullable(),
  filesDone: z.number().int(),
  filesTotal: z.number().int(),
  bytesDone: z.number(),
  bytesTotal: z.number(),
  bytesPerSecond: z.number().nullable(),
  remainingSeconds: z.number().nullable(),
  currentPath: z.string().nullable(),
  errorCount: z.number().int(),
  errors: z.array(z.object({ item: z.string(), message: z.string() })).max(200),
  message: z.string().nullable(),
  requestedByName: z.string(),
  createdAtMs: z.number().int(),
  startedAtMs: z.number().int().nullable(),
  finishedAtMs: z.number().int().nullable(),
});
export type RestoreRun = z.infer<typeof RestoreRun>;

export const RestoreRunFilter = z.strictObject({
  ...baseFilter,
  repositoryId: z.number().int().optional(),
  hostId: z.number().int().optional(),
  phase: z.union([RestorePhase, z.array(RestorePhase).max(10)]).optional(),
  isUnderWay: z.boolean().optional(),
});
export type RestoreRunFilter = z.infer<typeof RestoreRunFilter>;
