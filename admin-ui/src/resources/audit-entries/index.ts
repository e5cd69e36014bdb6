// Audit: who changed what.
import { lazy } from "react";

export const auditEntries = {
  list: lazy(async () => ({ default: (await import("./AuditEntryList.tsx")).AuditEntryList })),
  show: lazy(async () => ({ default: (await import("./AuditEntryShow.tsx")).AuditEntryShow })),
};
