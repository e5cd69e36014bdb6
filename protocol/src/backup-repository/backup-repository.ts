import { z } from "zod";
import { BackupDrill } from "../backup-drill/index.ts";
import { DamagedObject } from "../backup-maintenance/index.ts";
import { BackupKeyMode } from "../backup-policy/index.ts";
import { BackupRunPhase } from "../backup-run/index.ts";
import { baseFilter } from "../list/index.ts";

/** What a job's newest snapshot is measured by. `none`: no objective. */
export const FreshnessState = z.enum(["OK", "WARNING", "CRITICAL", "none"]);
export type FreshnessState = z.infer<typeof FreshnessState>;

/** The repository of one host and policy. GET /api/v1/backup-repositories. */
export const BackupRepository = z.object({
  id: z.number().int(),
  /** Null when the host was deleted: the repository is kept. */
  hostId: z.number().int().nullable(),
  hostName: z.string(),
  customer: z.string().nullable(),
  policyId: z.number().int().nullable(),
  policyName: z.string(),
  /** Whether the policy backs the host up at present. */
  isAssigned: z.boolean(),
  storageName: z.string(),
  /** On the storage server: `acme/web1/home`. */
  path: z.string(),
  keyMode: BackupKeyMode,
  assignedAtMs: z.number().int().nullable(),
  lastSnapshotAtMs: z.number().int().nullable(),
  lastSnapshotId: z.string().nullable(),
  lastRunId: z.number().int().nullable(),
  lastRunPhase: BackupRunPhase.nullable(),
  lastRunFinishedAtMs: z.number().int().nullable(),
  rpoSeconds: z.number().nullable(),
  rtoSeconds: z.number().nullable(),
  freshness: FreshnessState,
  /** Since when nothing is forgotten or pruned, as a change looked like an attack, and why. Null: it is not frozen. */
  frozenAtMs: z.number().int().nullable().default(null),
  frozenReason: z.string().nullable().default(null),
  /** Of the last 30 days, or since the policy began, the share within the objective (RPO), 0 to 1; null without one. */
  withinRpoShare: z.number().nullable().default(null),
  /** How many times faster than 1 % in 30 days allows the objective was missed in the last day. */
  burnRate: z.number().nullable().default(null),
  /** By the storage server's word; a quota of 0 is none. Null: it has not told yet. */
  usedBytes: z.number().nullable().default(null),
  quotaBytes: z.number().nullable().default(null),
  /** When the storage server had last read every byte again. */
  scrubbedAtMs: z.number().int().nullable().default(null),
  /** What is damaged at present. */
  damaged: z.array(DamagedObject).default([]),
  /** The newest trial restore. */
  drill: BackupDrill.nullable().default(null),
  /** Whether somebody paused it, by the last word of its host. */
  isPaused: z.boolean().default(false),
  createdAtMs: z.number().int(),
});
export type BackupRepository = z.infer<typeof BackupRepository>;

export const BackupRepositoryFilter = z.strictObject({
  ...baseFilter,
  hostId: z.number().int().optional(),
  hostName: z.string().optional(),
  policyName: z.string().optional(),
  storageName: z.string().optional(),
  keyMode: BackupKeyMode.optional(),
  isAssigned: z.boolean().optional(),
});
export type BackupRepositoryFilter = z.infer<typeof BackupRepositoryFilter>;

/** POST /api/v1/backup-repositories/:id/recovery-kit: all that stock restic needs to open it. Audited. */
export const RecoveryKit = z.object({
  hostName: z.string(),
  policyName: z.string(),
  keyMode: BackupKeyMode,
  /** The server's address and the repository's path on it. */
  storageUrl: z.string(),
  path: z.string(),
  /** As PEM, where the server's certificate is from an authority of its own: for restic's --cacert. */
  certificateAuthority: z.string().nullable().default(null),
  /** Null for a private repository: its key is on the host alone. */
  password: z.string().nullable(),
  /** Opens the repository for reading. */
  token: z.string(),
  tokenExpiresAtMs: z.number().int(),
});
export type RecoveryKit = z.infer<typeof RecoveryKit>;
