import { z } from "zod";
import { EntryChange, SnapshotId, TextDiff } from "../snapshot-view/index.ts";

const ComparedSnapshot = z.object({ snapshotId: SnapshotId, takenAtMs: z.number() });

/** A file whose lines are told, or why they are not. */
export const FileDiff = z.object({
  path: z.string(),
  hunks: TextDiff.shape.hunks,
  /** Whether something in it was replaced by asterisks. */
  isMasked: z.boolean(),
  /** Why its lines are not shown; null when they are. */
  refusal: z.string().nullable(),
});
export type FileDiff = z.infer<typeof FileDiff>;

/** What one repository says. */
export const ConfigurationChange = z.object({
  repositoryId: z.number().int(),
  policyName: z.string(),
  /** The folders that were compared. */
  paths: z.array(z.string()),
  from: ComparedSnapshot.nullable(),
  to: ComparedSnapshot.nullable(),
  changes: z.array(EntryChange).max(200),
  isTruncated: z.boolean(),
  diffs: z.array(FileDiff).max(20),
  /** Why there is nothing to compare, or what to bear in mind. */
  message: z.string().nullable(),
});
export type ConfigurationChange = z.infer<typeof ConfigurationChange>;

/** GET /api/v1/services/:id/configuration-changes and /api/v1/hosts/:id/configuration-changes. Secrets are masked as far as they are known for such. */
export const ConfigurationChanges = z.object({
  /** From the last time it was fine until it broke; null where it never was, and where it is fine. */
  lastOkAtMs: z.number().nullable(),
  startedAtMs: z.number().nullable(),
  repositories: z.array(ConfigurationChange),
  message: z.string().nullable(),
});
export type ConfigurationChanges = z.infer<typeof ConfigurationChanges>;
