import { z } from "zod";
import { ChangeShape } from "../backup-change/index.ts";
import { BackupDrill, DrillOrder } from "../backup-drill/index.ts";
import { BackupRunPhase, BackupTrigger } from "./run-phase.ts";

/** What a run is about; each thing an agent says of a run says this too, so that no order of arrival matters. */
const RunIdentity = {
  repositoryId: z.number().int(),
  trigger: BackupTrigger,
  startedAtMs: z.number().int(),
  agentVersion: z.string().max(64),
};

/**
 * POST /api/v1/agent/backup-runs/:runId/credentials: begins a run (the UUID is the agent's), or gives one under way a new token. A run that is
 * over is refused with MYCLOUD_CONFLICT.
 */
export const BackupCredentialsRequest = z.object(RunIdentity);
export type BackupCredentialsRequest = z.infer<typeof BackupCredentialsRequest>;

export const BackupCredentials = z.object({
  /** The repository as restic writes it, without credentials: `rest:https://backup.example.org/acme/web1/home/`. */
  location: z.string(),
  certificateAuthority: z.string().nullable(),
  /** May read and append, for this repository alone. */
  token: z.string(),
  tokenExpiresAtMs: z.number().int(),
  /** A trial restore that is due after the backup; null when none is. */
  drill: DrillOrder.nullable().default(null),
  /** Whether the host, whose private repository this is, forgets and prunes by its policy after the backup. The token allows it then. */
  mayPrune: z.boolean().default(false),
  /** Of a managed repository; to be kept in memory only. Null: the host has its own. */
  password: z.string().nullable(),
});
export type BackupCredentials = z.infer<typeof BackupCredentials>;

/** POST /api/v1/agent/backup-runs/:runId/progress, at most once a second. Counts grow; totals may while they are being found out. */
export const BackupProgress = z.object({
  ...RunIdentity,
  phase: BackupRunPhase.extract(["waiting", "scanning", "backing-up", "finishing"]),
  /** Why it waits. */
  message: z.string().max(1000).nullable().default(null),
  filesDone: z.number(),
  filesTotal: z.number(),
  bytesDone: z.number(),
  bytesTotal: z.number(),
  isTotalKnown: z.boolean(),
  bytesPerSecond: z.number().nullable().default(null),
  /** Until the end, as it looks now. */
  remainingSeconds: z.number().nullable().default(null),
  currentPaths: z.array(z.string().max(4096)).max(8).default([]),
  errorCount: z.number().int().default(0),
});
export type BackupProgress = z.infer<typeof BackupProgress>;

/** A path and what went wrong with it. */
export const BackupRunError = z.object({
  item: z.string().max(4096),
  during: z.string().max(64),
  message: z.string().max(2000),
});
export type BackupRunError = z.infer<typeof BackupRunError>;

/** A snapshot that a run made: of the paths, or of a dump. */
export const RunSnapshot = z.object({ id: z.string().regex(/^[0-9a-f]{64}$/), source: z.string().max(200) });
export type RunSnapshot = z.infer<typeof RunSnapshot>;

/** Names that figures have, with restic's meaning of those it has. */
export const runFigures = [
  "filesNew",
  "filesChanged",
  "filesUnmodified",
  "dirsNew",
  "dirsChanged",
  "dirsUnmodified",
  "dataBlobs",
  "treeBlobs",
  "dataAddedBytes",
  "dataAddedPackedBytes",
  "totalFiles",
  "totalBytes",
  "excludedItems",
] as const;
export type RunFigure = (typeof runFigures)[number];
export const RunFigures = z.partialRecord(z.enum(runFigures), z.number());
export type RunFigures = z.infer<typeof RunFigures>;

/** POST /api/v1/agent/backup-runs: how a run ended. The same run counts once, however often it arrives. */
export const BackupRunOutcome = z.object({
  runId: z.uuid(),
  ...RunIdentity,
  phase: BackupRunPhase.extract(["done", "failed", "cancelled"]),
  finishedAtMs: z.number().int(),
  snapshots: z.array(RunSnapshot).max(100).default([]),
  figures: RunFigures.default({}),
  /** Entries that could not be read or carried whole. */
  unreadableCount: z.number().int().min(0).default(0),
  /** The first of them. */
  errors: z.array(BackupRunError).max(200).default([]),
  /** How its snapshot of paths differs from the one before; null without one. */
  change: ChangeShape.nullable().default(null),
  /** The trial restore that it was told to make; null when none was due, or none could be made. */
  drill: BackupDrill.nullable().default(null),
  /** Why it failed; of a run that is done, what else there is to say. */
  message: z.string().max(4000).nullable().default(null),
});
export type BackupRunOutcome = z.infer<typeof BackupRunOutcome>;

export const BackupRunReceipt = z.object({ isDuplicate: z.boolean() });
export type BackupRunReceipt = z.infer<typeof BackupRunReceipt>;
