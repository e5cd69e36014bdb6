import { z } from "zod";
import { baseFilter } from "../list/index.ts";

/**
 * `retention` forgets and prunes by the policy; `hold` puts holds on the snapshots of a repository that was frozen, `release` takes those away;
 * `examine` finds which files and snapshots the damaged objects of a storage server hit.
 */
export const MaintenanceKind = z.enum(["retention", "hold", "release", "examine"]);
export type MaintenanceKind = z.infer<typeof MaintenanceKind>;

export const MaintenancePhase = z.enum(["running", "done", "failed"]);
export type MaintenancePhase = z.infer<typeof MaintenancePhase>;

/** Names that figures have: `bytesFreed` is what prune took away, as stored. */
export const maintenanceFigures = [
  "snapshotsKept",
  "snapshotsRemoved",
  "snapshotsHeld",
  "snapshotsRefused",
  "bytesFreed",
  "packsRemoved",
  "holdsPlaced",
  "holdsRemoved",
  "objectsDamaged",
  "filesAffected",
] as const;
export const MaintenanceFigures = z.partialRecord(z.enum(maintenanceFigures), z.number());
export type MaintenanceFigures = z.infer<typeof MaintenanceFigures>;

/** One maintenance of a repository. GET /api/v1/backup-maintenance-runs. */
export const BackupMaintenanceRun = z.object({
  id: z.number().int(),
  repositoryId: z.number().int(),
  hostName: z.string(),
  policyName: z.string(),
  kind: MaintenanceKind,
  phase: MaintenancePhase,
  startedAtMs: z.number().int(),
  finishedAtMs: z.number().int().nullable(),
  figures: MaintenanceFigures,
  /** Why it failed; else null. */
  message: z.string().nullable(),
});
export type BackupMaintenanceRun = z.infer<typeof BackupMaintenanceRun>;

export const BackupMaintenanceRunFilter = z.strictObject({
  ...baseFilter,
  repositoryId: z.number().int().optional(),
  hostName: z.string().optional(),
  policyName: z.string().optional(),
  kind: MaintenanceKind.optional(),
  phase: MaintenancePhase.optional(),
});
export type BackupMaintenanceRunFilter = z.infer<typeof BackupMaintenanceRunFilter>;

/** A file of a snapshot that a damaged object hits. */
export const AffectedFile = z.object({ snapshotId: z.string(), path: z.string() });
export type AffectedFile = z.infer<typeof AffectedFile>;

/** A damaged object of a storage server, and what it hits as far as that is known. */
export const DamagedObject = z.object({
  /** `data/ab12...` */
  object: z.string(),
  reason: z.string(),
  foundAtMs: z.number(),
  /** The first of them. */
  files: z.array(AffectedFile),
  fileCount: z.number().int(),
  snapshots: z.array(z.string()),
});
export type DamagedObject = z.infer<typeof DamagedObject>;
