import { z } from "zod";

/** How far a run is. The last three are ends. */
export const BackupRunPhase = z.enum(["waiting", "scanning", "backing-up", "finishing", "done", "failed", "cancelled"]);
export type BackupRunPhase = z.infer<typeof BackupRunPhase>;

/** Whether a run in this phase is over. Pure. */
export function isEndPhase(phase: BackupRunPhase): phase is "done" | "failed" | "cancelled" {
  return phase === "done" || phase === "failed" || phase === "cancelled";
}

/** What began a run. */
export const BackupTrigger = z.enum(["schedule", "manual", "enrolment", "timer"]);
export type BackupTrigger = z.infer<typeof BackupTrigger>;
