import { z } from "zod";

/** What an agent is told when a drill is due: a sample of this size, chosen by this seed. */
export const DrillOrder = z.object({
  seed: z.string().max(64),
  maximumFiles: z.number().int().min(1).max(100_000),
  maximumBytes: z.number().int().min(1),
});
export type DrillOrder = z.infer<typeof DrillOrder>;

const count = z.number().int().min(0);

/** A file that did not come back as it was. */
export const DrillFault = z.object({ path: z.string().max(4096), message: z.string().max(1000) });
export type DrillFault = z.infer<typeof DrillFault>;

/** One trial restore. */
export const BackupDrill = z.object({
  snapshotId: z.string().regex(/^[0-9a-f]{64}$/),
  finishedAtMs: z.number().int(),
  /** The sample. */
  files: count,
  bytes: z.number().min(0),
  seconds: z.number().min(0),
  /** The whole snapshot, and how long it would take at that rate (RTO). */
  totalFiles: count,
  totalBytes: z.number().min(0),
  rtoSeconds: z.number().min(0),
  /** Files of the sample that have not changed since on the machine, and were compared with those, too. */
  comparedLive: count,
  faultCount: count,
  /** The first of them. */
  faults: z.array(DrillFault).max(20),
});
export type BackupDrill = z.infer<typeof BackupDrill>;
