import { z } from "zod";

/** An object that is not what it was, and that the server wants again. */
export const WantedObject = z.object({
  type: z.string(),
  name: z.string(),
  foundAtMs: z.number(),
  reason: z.string(),
});
export type WantedObject = z.infer<typeof WantedObject>;

export const RepositoryStatus = z.object({
  name: z.string(),
  /** Null while it is being counted. */
  bytes: z.number().nullable(),
  trashBytes: z.number().nullable(),
  snapshots: z.number().nullable(),
  /** When a snapshot last arrived; null when none did since the server counts them. */
  lastSnapshotAtMs: z.number().nullable(),
  /** The quota that it was last used with; 0 is none, null: nobody has used it since the start. */
  quotaBytes: z.number().nullable(),
  /** The last whole pass over it. */
  scrubStartedAtMs: z.number().nullable(),
  scrubbedAtMs: z.number().nullable(),
  /** How many, and the first hundred. */
  wantedCount: z.number().int(),
  wanted: z.array(WantedObject).max(100),
});
export type RepositoryStatus = z.infer<typeof RepositoryStatus>;

/** GET /status of a storage server; takes a credential that may read every repository. */
export const StorageStatus = z.object({
  totalBytes: z.number(),
  freeBytes: z.number(),
  reserveBytes: z.number(),
  /** 0 where the file system does not count them. */
  inodes: z.number(),
  inodesFree: z.number(),
  repositories: z.array(RepositoryStatus),
});
export type StorageStatus = z.infer<typeof StorageStatus>;
