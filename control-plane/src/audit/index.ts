/** Who changed what: written in the same transaction as the change, read by administrators, altered by nobody. */
export type { AuditLog, AuditRecord } from "./audit-log.ts";
export { createAuditLog } from "./create-audit-log.ts";
export { createAuditRoutes } from "./routes.ts";
