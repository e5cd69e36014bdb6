import { z } from "zod";
import { BackupContent } from "./backup-policy.ts";

/** What a backup of files would take, as it is being written: a policy's content without its dumps. */
export const ExcludesContent = z.object({
  paths: BackupContent.paths.unwrap().min(1),
  exclude: BackupContent.exclude,
  excludeIgnoringCase: BackupContent.excludeIgnoringCase,
  excludeIfPresent: BackupContent.excludeIfPresent,
  excludeCaches: BackupContent.excludeCaches,
  excludeLargerThanBytes: BackupContent.excludeLargerThanBytes,
  oneFileSystem: BackupContent.oneFileSystem,
});
export type ExcludesContent = z.infer<typeof ExcludesContent>;

/** POST /api/v1/backup-policies/preview. */
export const ExcludesPreviewRequest = z.object({
  hostId: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  content: ExcludesContent,
});
export type ExcludesPreviewRequest = z.infer<typeof ExcludesPreviewRequest>;

const amount = {
  files: z.number().int().min(0),
  folders: z.number().int().min(0),
  /** Links, devices, FIFOs and sockets. */
  others: z.number().int().min(0),
  /** Of the files. */
  bytes: z.number().min(0),
};
const path = z.string().max(4096);

export const ExcludesRuleKind = z.enum([
  "exclude",
  "excludeIgnoringCase",
  "excludeIfPresent",
  "excludeCaches",
  "excludeLargerThanBytes",
  "oneFileSystem",
]);
export type ExcludesRuleKind = z.infer<typeof ExcludesRuleKind>;

/** What one rule leaves out. Where several would, it is the first one's; a folder that is left out counts with everything below it. */
export const ExcludesRule = z.object({
  kind: ExcludesRuleKind,
  /** As it is written; of a rule that is no text its value. */
  text: path,
  /** A pattern with "!": the figures are of what was left out before it, and is backed up. */
  isTakingBack: z.boolean(),
  ...amount,
  /** Whether everything was counted. */
  isWhole: z.boolean(),
  /** The largest first. */
  examples: z.array(z.object({ path, isFolder: z.boolean(), files: z.number().int(), bytes: z.number() })).max(20),
});
export type ExcludesRule = z.infer<typeof ExcludesRule>;

/** What a backup of a machine would take as it is now, and what each rule leaves out. */
export const ExcludesPreview = z.object({
  kept: z.object(amount),
  /** In the order in which they are asked. */
  rules: z.array(ExcludesRule).max(4000),
  /** What the agent may not look at, or is not there. */
  unread: z.object({
    count: z.number().int(),
    named: z.array(z.object({ path, message: z.string().max(1000) })).max(20),
  }),
  /** Mounts left out that are the kernel's, or on other machines: they were not looked into. */
  uncountedMounts: z.number().int(),
  /** False: the time was up before everything was counted. */
  isWhole: z.boolean(),
  durationMs: z.number(),
});
export type ExcludesPreview = z.infer<typeof ExcludesPreview>;
