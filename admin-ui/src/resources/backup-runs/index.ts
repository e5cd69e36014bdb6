// Backup runs: what was backed up, how it went, and what is under way.
import { lazy } from "react";

export const backupRuns = {
  list: lazy(async () => ({ default: (await import("./BackupRunList.tsx")).BackupRunList })),
  show: lazy(async () => ({ default: (await import("./BackupRunShow.tsx")).BackupRunShow })),
};
