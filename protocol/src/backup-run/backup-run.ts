import { z } from "zod";
import { baseFilter } from "../list/index.ts";
import { BackupProgress, BackupRunError, RunFigures, RunSnapshot } from "./agent-run.ts";
import { BackupRunPhase, BackupTrigger } from "./run-phase.ts";

/** A run's progress as people see it. */
export const ShownProgress = BackupProgress.omit({
  repositoryId: true,
  trigger: true,
  startedAtMs: true,
  agentVersion: true,
}).extend({ toldAtMs: z.number().int() });
export type ShownProgress = z.infer<typeof ShownProgress>;

/** One run of a backup job. GET /api/v1/backup-runs. */
export const BackupRun = z.object({
  id: z.number().int(),
  runId: z.string(),
  repositoryId: z.number().int(),
  hostId: z.number().int().nullable(),
  hostName: z.string(),
  policyName: z.string(),
  trigger: BackupTrigger,
  phase: BackupRunPhase,
  startedAtMs: z.number().int(),
  finishedAtMs: z.number().int().nullable(),
  durationSeconds: z.number().nullable(),
  snapshots: z.array(RunSnapshot),
  figures: RunFigures,
  /** Of what was read anew, the share that was there already; null where nothing was. */
  deduplicationRatio: z.number().nullable(),
  /** Size before divided by size after, of what was added. */
  compressionRatio: z.number().nullable(),
  unreadableCount: z.number().int(),
  message: z.string().nullable(),
  agentVersion: z.string(),
  /** While it runs. */
  progress: ShownProgress.nullable(),
});
export type BackupRun = z.infer<typeof BackupRun>;

/** GET /api/v1/backup-runs/:id */
export const BackupRunDetail = BackupRun.extend({ errors: z.array(BackupRunError) });
export type BackupRunDetail = z.infer<typeof BackupRunDetail>;

export const BackupRunFilter = z.strictObject({
  ...baseFilter,
  repositoryId: z.number().int().optional(),
  hostId: z.number().int().optional(),
  hostName: z.string().optional(),
  policyName: z.string().optional(),
  phase: z.union([BackupRunPhase, z.array(BackupRunPhase).max(10)]).optional(),
  trigger: BackupTrigger.optional(),
  isUnderWay: z.boolean().optional(),
});
export type BackupRunFilter = z.infer<typeof BackupRunFilter>;
