import { z } from "zod";
import { BackupCredentials, BackupRunError } from "../backup-run/index.ts";
import { SnapshotId } from "../snapshot-view/index.ts";
import { RestorePhase, RestorePlan, RestoreRequest } from "./restore-run.ts";

/** What a run is about; each thing an agent says of a run says this too. */
const RestoreIdentity = {
  repositoryId: z.number().int(),
  startedAtMs: z.number().int(),
  agentVersion: z.string().max(64),
};

/**
 * POST /api/v1/agent/restore-runs/:runId/credentials: begins a run that the command `restore` named, or gives one under way a new token. A run
 * that is over is refused with MYCLOUD_CONFLICT.
 */
export const RestoreCredentialsRequest = z.object(RestoreIdentity);
export type RestoreCredentialsRequest = z.infer<typeof RestoreCredentialsRequest>;

/** As for a backup run: the token may append too, since a rollback takes a snapshot first. */
export const RestoreCredentials = BackupCredentials.pick({
  location: true,
  certificateAuthority: true,
  token: true,
  tokenExpiresAtMs: true,
  password: true,
}).extend({ request: RestoreRequest });
export type RestoreCredentials = z.infer<typeof RestoreCredentials>;

/** What counts of a run, while it goes on and at its end. */
const RestoreFigures = {
  filesDone: z.number().int().default(0),
  filesTotal: z.number().int().default(0),
  bytesDone: z.number().default(0),
  bytesTotal: z.number().default(0),
  errorCount: z.number().int().default(0),
  /** Told when it is made; null says nothing new. */
  plan: RestorePlan.nullable().default(null),
  safetySnapshotId: SnapshotId.nullable().default(null),
};

/** POST /api/v1/agent/restore-runs/:runId/progress, at most once a second. */
export const RestoreProgress = z.object({
  ...RestoreIdentity,
  phase: RestorePhase.extract(["waiting", "planning", "safety-snapshot", "restoring"]),
  /** Why it waits. */
  message: z.string().max(1000).nullable().default(null),
  ...RestoreFigures,
  bytesPerSecond: z.number().nullable().default(null),
  remainingSeconds: z.number().nullable().default(null),
  currentPath: z.string().max(16_384).nullable().default(null),
});
export type RestoreProgress = z.infer<typeof RestoreProgress>;

/** POST /api/v1/agent/restore-runs: how a run ended. The same run counts once, however often it arrives. */
export const RestoreRunOutcome = z.object({
  runId: z.uuid(),
  ...RestoreIdentity,
  phase: RestorePhase.extract(["planned", "conflicts", "done", "failed", "cancelled"]),
  finishedAtMs: z.number().int(),
  ...RestoreFigures,
  errors: z.array(BackupRunError).max(200).default([]),
  message: z.string().max(4000).nullable().default(null),
});
export type RestoreRunOutcome = z.infer<typeof RestoreRunOutcome>;

export const RestoreRunReceipt = z.object({ isDuplicate: z.boolean() });
export type RestoreRunReceipt = z.infer<typeof RestoreRunReceipt>;
