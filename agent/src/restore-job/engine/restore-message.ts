import { BackupJob } from "@mycloud/protocol/backup-policy";
import { BackupRunError } from "@mycloud/protocol/backup-run";
import { RestorePhase, RestorePlan, RestoreRequest } from "@mycloud/protocol/restore-run";
import { z } from "zod";

/** What the engine's process is told. The password goes by the channel between the two processes and is nowhere else. */
export const RestoreTask = z.object({
  kind: z.literal("start"),
  runId: z.string(),
  request: RestoreRequest,
  /** What backs the same files up at present; null when no policy does. */
  job: BackupJob.nullable(),
  hostName: z.string(),
  programVersion: z.string(),
  location: z.string(),
  certificateAuthority: z.string().nullable(),
  token: z.string(),
  password: z.string(),
  cacheDirectory: z.string(),
  /** The agent's own files, which no restore writes: they say what goes on now. */
  stateDirectory: z.string(),
  /** Where the host's policy lets restores write. */
  roots: z.array(z.string()),
  lockName: z.string(),
});
export type RestoreTask = z.infer<typeof RestoreTask>;

/** What counts while a run goes on, and at its end. */
const Figures = {
  filesDone: z.number(),
  filesTotal: z.number(),
  bytesDone: z.number(),
  bytesTotal: z.number(),
  errorCount: z.number(),
  /** Told once it is made. */
  plan: RestorePlan.nullable(),
  safetySnapshotId: z.string().nullable(),
};

/** How far the engine is. */
export const RestoreEngineProgress = z.object({
  phase: RestorePhase.extract(["planning", "safety-snapshot", "restoring"]),
  ...Figures,
  bytesPerSecond: z.number().nullable(),
  remainingSeconds: z.number().nullable(),
  currentPath: z.string().nullable(),
});
export type RestoreEngineProgress = z.infer<typeof RestoreEngineProgress>;

/** What the engine did. */
export const RestoreResult = z.object({
  phase: RestorePhase.extract(["planned", "conflicts", "done", "failed"]),
  ...Figures,
  errors: z.array(BackupRunError),
  message: z.string().nullable(),
});
export type RestoreResult = z.infer<typeof RestoreResult>;
