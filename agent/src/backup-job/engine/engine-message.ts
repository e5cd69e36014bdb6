import { ChangeShape } from "@mycloud/protocol/backup-change";
import { BackupDrill, DrillOrder } from "@mycloud/protocol/backup-drill";
import { BackupJob } from "@mycloud/protocol/backup-policy";
import { BackupRunError, RunFigures, RunSnapshot } from "@mycloud/protocol/backup-run";
import { z } from "zod";

/** What the engine's process is told first. The password goes by the channel between the two processes and is nowhere else. */
export const EngineTask = z.object({
  kind: z.literal("start"),
  job: BackupJob,
  runId: z.string(),
  /** Whether it was begun before: what it has made already is not made again. */
  isResumed: z.boolean(),
  hostName: z.string(),
  programVersion: z.string(),
  location: z.string(),
  certificateAuthority: z.string().nullable(),
  token: z.string(),
  password: z.string(),
  cacheDirectory: z.string(),
  scratchDirectory: z.string(),
  /** A trial restore to make after the backup; null when none is due. */
  drill: DrillOrder.nullable(),
  /** Whether to forget and prune by the job's retention after the backup. */
  mayPrune: z.boolean(),
  /** A name that one engine of this host has at a time. */
  lockName: z.string(),
});
export type EngineTask = z.infer<typeof EngineTask>;

/** How far the engine is. */
export const EngineProgress = z.object({
  phase: z.enum(["scanning", "backing-up", "finishing"]),
  filesDone: z.number(),
  filesTotal: z.number(),
  bytesDone: z.number(),
  bytesTotal: z.number(),
  isTotalKnown: z.boolean(),
  bytesPerSecond: z.number().nullable(),
  remainingSeconds: z.number().nullable(),
  currentPaths: z.array(z.string()),
  errorCount: z.number(),
});
export type EngineProgress = z.infer<typeof EngineProgress>;

/** What the engine did. `failures` are sources that made no snapshot, each with its reason. */
export const EngineResult = z.object({
  snapshots: z.array(RunSnapshot),
  figures: RunFigures,
  unreadableCount: z.number(),
  errors: z.array(BackupRunError),
  change: ChangeShape.nullable(),
  drill: BackupDrill.nullable(),
  failures: z.array(z.string()),
});
export type EngineResult = z.infer<typeof EngineResult>;
