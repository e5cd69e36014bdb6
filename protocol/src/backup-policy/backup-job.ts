import { z } from "zod";
import { BackupConduct, BackupContent, BackupKeyMode } from "./backup-policy.ts";
import { BackupSchedule } from "./backup-schedule.ts";
import { Retention } from "./retention.ts";

/** One policy on one host, as the host's agent gets it with its configuration. Where to and with which key is told to each run. */
export const BackupJob = z.object({
  /** The repository's: what a job is known by, also when the policy is renamed. */
  repositoryId: z.number().int(),
  policyName: z.string(),
  keyMode: BackupKeyMode,
  schedule: BackupSchedule,
  /** What a host that prunes its private repository itself keeps. */
  retention: Retention.default({}),
  ...BackupContent,
  ...BackupConduct,
});
export type BackupJob = z.infer<typeof BackupJob>;
