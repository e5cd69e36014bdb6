// Backup policies: which hosts are backed up, what of them, when, and what is promised.
import { lazy } from "react";

export const backupPolicies = {
  list: lazy(async () => ({ default: (await import("./BackupPolicyList.tsx")).BackupPolicyList })),
};
