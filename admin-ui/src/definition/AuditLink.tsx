import Button from "@mui/material/Button";
import type { ResourceKind } from "@mycloud/protocol/resource";
import { Link } from "react-router-dom";
import { useMayAccess } from "../providers/hooks.ts";
import { kindTitle } from "./kind-path.ts";

/** Leads to who changed a definition; for those who may read the audit. */
export function AuditLink({ kind, name }: { kind: ResourceKind; name: string }) {
  if (!useMayAccess("list", "audit-entries")) return null;
  const auditKind = kind === "OnCallSchedule" ? "on-call-schedule" : kindTitle(kind).replaceAll(" ", "-");
  const filter = JSON.stringify({ resourceKind: auditKind, q: name });
  return (
    <Button component={Link} to={`/audit-entries?filter=${encodeURIComponent(filter)}`} variant="outlined">
      Audit
    </Button>
  );
}
