import { z } from "zod";

/** What a backup job says of files: only what it backs up is managed, so that there is always an earlier version to go back to. */
export const ManagedJob = z.object({
  repositoryId: z.number().int(),
  paths: z.array(z.string()),
  exclude: z.array(z.string()),
  excludeIgnoringCase: z.array(z.string()),
  excludeIfPresent: z.array(z.string()),
  excludeCaches: z.boolean(),
});
export type ManagedJob = z.infer<typeof ManagedJob>;

/** What may be done with which files of this machine: its backup jobs, narrowed by its own policy. */
export const FileRules = z.object({
  jobs: z.array(ManagedJob),
  /** Folders that the policy names; null: none, so that all that is backed up is shown and system folders are not changed. */
  roots: z.array(z.string()).nullable(),
  mayChange: z.boolean(),
  maximumUploadBytes: z.number(),
  /** Directories of the agent itself, which nobody is shown. */
  ownDirectories: z.array(z.string()),
});
export type FileRules = z.infer<typeof FileRules>;
