// Backup repositories: one for each host and policy; how fresh they are against what was promised.
import { lazy } from "react";

export const backupRepositories = {
  list: lazy(async () => ({ default: (await import("./BackupRepositoryList.tsx")).BackupRepositoryList })),
  show: lazy(async () => ({ default: (await import("./BackupRepositoryShow.tsx")).BackupRepositoryShow })),
};
